// What became of a reader's own question: the words for each state, what may still be done, and which changes are news.
import type { QuestionRecord, QuestionState, SessionState } from '../../net/protocol.gen';
import type { Questions } from '../../state/room';
import type { LiveKey } from '../../i18n';

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | undefined;

export const fates: Readonly<Record<QuestionState, { label: LiveKey; hint?: LiveKey; tone: Tone }>> = {
  pending: { label: 'mine.pending', hint: 'mine.pending.hint', tone: 'warn' },
  live: { label: 'mine.live', tone: 'accent' },
  stage: { label: 'mine.stage', tone: 'accent' },
  answered: { label: 'mine.answered', tone: 'good' },
  rejected: { label: 'mine.rejected', tone: 'bad' },
  withdrawn: { label: 'mine.withdrawn', tone: undefined },
  merged: { label: 'mine.merged', hint: 'mine.merged.hint', tone: undefined },
  archived: { label: 'mine.archived', hint: 'mine.archived.hint', tone: undefined },
};

export const editWindowMs = 60_000;

/** The server's rule: a minute, or as long as it waits; the first vote or the host side's first look fixes the words. */
export function mayEdit(question: QuestionRecord, session: SessionState, now: number): boolean {
  if (session !== 'scheduled' && session !== 'live') return false;
  if (question.edited || question.votes > 0 || question.state_at !== question.asked_at) return false;
  return question.state === 'pending' || (question.state === 'live' && now - question.asked_at < editWindowMs);
}

export interface News {
  question: QuestionRecord;
  key: LiveKey;
}

const newsOfState: Readonly<Partial<Record<QuestionState, LiveKey>>> = {
  live: 'mine.news.live',
  stage: 'mine.news.stage',
  answered: 'mine.news.answered',
  rejected: 'mine.news.rejected',
  merged: 'mine.news.merged',
  archived: 'mine.news.archived',
};

function newsOf(before: QuestionRecord, after: QuestionRecord): LiveKey | undefined {
  if (after.reply && after.reply !== before.reply) return 'mine.news.reply';
  if (before.state === after.state) return undefined;
  // Taken off the stage again: it was in the list before, that is no news.
  if (before.state === 'stage' && after.state === 'live') return undefined;
  return newsOfState[after.state];
}

/** Only of questions known before: what a page finds when it loads is not news. */
export function newsBetween(before: Questions, after: Questions): News[] {
  return [...after.values()].flatMap((question) => {
    const old = before.get(question.id);
    const key = old && old !== question && newsOf(old, question);
    return key ? [{ question, key }] : [];
  });
}
