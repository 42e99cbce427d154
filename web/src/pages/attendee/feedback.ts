// A feedback while it is being written: kept as one text over a reload, and compared with what the server has.
import type { FeedbackRecord } from '../../net/protocol.gen';
import { cleaned } from './text';

export const feedbackMax = 5000;
export const noFeedback: FeedbackRecord = { stars: 0, recommend: -1, text: '', name: '' };

function whole(value: unknown, low: number, high: number, none: number): number {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high ? (value as number) : none;
}

/** Reads a kept draft; null when there is none that makes sense. */
export function readDraft(kept: string): FeedbackRecord | null {
  try {
    const { stars, recommend, text, name } = JSON.parse(kept) as Partial<Record<keyof FeedbackRecord, unknown>>;
    return { stars: whole(stars, 1, 5, 0), recommend: whole(recommend, 0, 10, -1), text: String(text ?? ''), name: String(name ?? '') };
  } catch {
    return null;
  }
}

export function toSend(draft: FeedbackRecord, named: boolean): FeedbackRecord {
  return { ...draft, text: cleaned(draft.text), name: named ? cleaned(draft.name) : '' };
}

/** A name alone is no feedback. */
export function isEmpty(feedback: FeedbackRecord): boolean {
  return feedback.stars === 0 && feedback.recommend === -1 && cleaned(feedback.text) === '';
}

export function isSame(a: FeedbackRecord, b: FeedbackRecord): boolean {
  return a.stars === b.stars && a.recommend === b.recommend && cleaned(a.text) === cleaned(b.text) && cleaned(a.name) === cleaned(b.name);
}
