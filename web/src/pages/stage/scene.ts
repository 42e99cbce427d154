// What the stage shows: one scene at a time, out of the session's state and what is on stage. Pure.
import type { InfoRecord, QuestionRecord, SessionState } from '../../net/protocol.gen';
import { byVotes, policyOf, questionsIn, staged, type Questions } from '../../state/room';

export type Scene = 'question' | 'ask' | 'vote' | 'follow' | 'pause' | 'lobby' | 'feedback' | 'read';
/** Why people should scan the code. */
export type Purpose = 'ask' | 'vote' | 'follow' | 'feedback' | 'read';

const nextCount = 3;
/** Beyond this the question needs the place of the next ones. */
const longText = 1100;
const manyLines = 12;

/** What the room is for at the moment, by its policies. */
function openFor(info: InfoRecord): 'ask' | 'vote' | 'follow' {
  if (policyOf(info, 'asking') === 1) return 'ask';
  return policyOf(info, 'voting') === 1 && info.live > 0 ? 'vote' : 'follow';
}

const before: readonly SessionState[] = ['draft', 'scheduled'];
const after: readonly SessionState[] = ['ended', 'archived'];

export function sceneOf(info: InfoRecord, onStage: QuestionRecord | null): Scene {
  if (after.includes(info.state)) return info.state === 'ended' && policyOf(info, 'feedback') === 1 ? 'feedback' : 'read';
  if (before.includes(info.state)) return 'lobby';
  if (onStage) return 'question';
  return info.state === 'paused' ? 'pause' : openFor(info);
}

export function purposeOf(info: InfoRecord, scene: Scene): Purpose {
  if (scene === 'feedback' || scene === 'read') return scene;
  if (scene === 'lobby') return policyOf(info, 'ask_ahead') === 1 ? 'ask' : 'follow';
  return info.state === 'paused' ? 'follow' : openFor(info);
}

/** How much room a text takes: a Chinese character is about as wide as two Latin letters. */
export function weightOf(text: string): number {
  let weight = 0;
  for (const character of text) weight += character >= '\u2e80' ? 2 : 1;
  return weight;
}

/** A text with a great many lines would become tiny: its lines flow together. */
export function flowing(text: string): string {
  return text.split('\n').length > manyLines ? text.replace(/\s*\n\s*/g, ' ') : text;
}

/** The questions that the hall may see coming. A long question leaves them no place. */
export function nextOf(info: InfoRecord, questions: Questions, scene: Scene): QuestionRecord[] {
  const onStage = staged(questions);
  const shown = scene === 'question' || scene === 'ask' || scene === 'vote';
  if (!shown || policyOf(info, 'stage_next') !== 1 || (onStage && weightOf(onStage.text) > longText)) return [];
  return questionsIn(questions.values(), ['live']).sort(byVotes).slice(0, nextCount);
}
