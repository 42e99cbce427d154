// What a held list shows while its right order (the target) moves on: cards stay where they are, cards that were taken up
// meanwhile (on stage, answered) stay too, and only what the reader asked for comes in at once.
import { heldOrder, orderChange } from './order';

export interface Held {
  ids: number[];
  fresh: number;
  moved: number;
  /** Shown, but not part of the list any more. */
  left: number;
}

/** Lets the welcome ones in, each behind the one it follows in the target. */
export function admit(shown: readonly number[], target: readonly number[], welcome: (id: number) => boolean): number[] {
  const ids = [...shown];
  const has = new Set(shown);
  let previous: number | null = null;
  for (const id of target) {
    if (!has.has(id) && welcome(id)) {
      ids.splice(previous === null ? 0 : ids.indexOf(previous) + 1, 0, id);
      has.add(id);
    }
    if (has.has(id)) previous = id;
  }
  return ids;
}

export function hold(
  shown: readonly number[], target: readonly number[], stays: (id: number) => boolean, welcome: (id: number) => boolean,
): Held {
  const wanted = new Set(target);
  const kept = heldOrder(shown, [...target, ...shown.filter(stays)]);
  const ids = admit(kept, target, welcome);
  const inList = ids.filter((id) => wanted.has(id));
  return { ids, ...orderChange(inList, target), left: ids.length - inList.length };
}
