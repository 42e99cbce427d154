// What a host can do with a question: key, the command that must be allowed, on which questions, and where it is so common
// that its button is always in sight. Pure.
import type { Command, CommandWord, QuestionRecord, QuestionState } from '../../net/protocol.gen';

export type ActionWord = 'approve' | 'edit' | 'stage' | 'answered' | 'reply' | 'back' | 'reject' | 'queue' | 'archive';

export interface ActionRow {
  word: ActionWord;
  key: string;
  needs: CommandWord;
  states: readonly QuestionState[];
  main: readonly QuestionState[];
}

export const actionRows: readonly ActionRow[] = [
  { word: 'approve', key: 'a', needs: 'approve', states: ['pending'], main: ['pending'] },
  { word: 'stage', key: 's', needs: 'stage', states: ['live'], main: ['live'] },
  { word: 'answered', key: 'd', needs: 'answered', states: ['live', 'stage'], main: ['live', 'stage'] },
  { word: 'edit', key: 'e', needs: 'approve', states: ['pending'], main: ['pending'] },
  { word: 'reject', key: 'r', needs: 'reject', states: ['pending', 'live', 'stage'], main: ['pending'] },
  { word: 'back', key: 'b', needs: 'unstage', states: ['stage'], main: ['stage'] },
  { word: 'back', key: 'b', needs: 'restore', states: ['answered', 'rejected', 'archived'], main: ['answered', 'rejected', 'archived'] },
  { word: 'reply', key: 'w', needs: 'reply', states: ['pending', 'live', 'stage', 'answered'], main: ['live', 'stage', 'answered'] },
  { word: 'queue', key: 'q', needs: 'restore', states: ['live', 'answered', 'rejected', 'archived'], main: ['rejected', 'archived'] },
  { word: 'archive', key: 'x', needs: 'archive', states: ['pending', 'live', 'stage', 'answered', 'rejected'], main: [] },
];

type May = (word: CommandWord, question: QuestionRecord) => boolean;

export function actionsFor(question: QuestionRecord, may: May): readonly ActionRow[] {
  return actionRows.filter((row) => row.states.includes(question.state) && may(row.needs, question));
}

/** The command of an action that needs no further word from the host; null: it opens a form. */
export function commandOf(row: ActionRow, { id: question }: QuestionRecord): Command | null {
  switch (row.word) {
    case 'approve': return { type: 'approve', question, text: '' };
    case 'stage': return { type: 'stage', question };
    case 'answered': return { type: 'answered', question };
    case 'archive': return { type: 'archive', question };
    case 'queue': return { type: 'restore', question, state: 'pending' };
    case 'back': return row.needs === 'unstage' ? { type: 'unstage', question } : { type: 'restore', question, state: 'live' };
    default: return null;
  }
}
