// The questions of a review as its page lists them, and what can be downloaded. Pure.
import type { QuestionState } from '../net/protocol.gen';
import type { ReviewQuestion } from './types';

export const filters = ['all', 'open', 'answered', 'other'] as const;
export type Filter = (typeof filters)[number];

const states: Readonly<Record<Exclude<Filter, 'all'>, readonly QuestionState[]>> = {
  open: ['pending', 'live', 'stage'],
  answered: ['answered'],
  other: ['rejected', 'withdrawn', 'merged', 'archived'],
};

export function ofKind(questions: readonly ReviewQuestion[], filter: Filter): readonly ReviewQuestion[] {
  return filter === 'all' ? questions : questions.filter(({ state }) => states[filter].includes(state));
}

export const orders = ['votes', 'asked'] as const;
export type Order = (typeof orders)[number];

/** Equal ones stand in the order they were asked, so that a list never changes without a reason. */
export function inOrder(questions: readonly ReviewQuestion[], order: Order): readonly ReviewQuestion[] {
  const asked = (a: ReviewQuestion, b: ReviewQuestion) => a.asked_at - b.asked_at || a.id - b.id;
  const votes = (a: ReviewQuestion, b: ReviewQuestion) => b.votes - a.votes || asked(a, b);
  return [...questions].sort(order === 'votes' ? votes : asked);
}

/** Every moment of the questions, to find out whether they need their day. */
export function momentsOf(questions: readonly ReviewQuestion[]): number[] {
  return questions.flatMap(({ asked_at, published_at, staged_at, answered_at }) =>
    [asked_at, published_at, staged_at, answered_at].filter((ms): ms is number => ms !== null));
}

export const exportKinds = ['questions', 'votes', 'feedback', 'attendance'] as const;
export const exportFormats = ['csv', 'json'] as const;
