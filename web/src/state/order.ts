// A list must not jump under a finger: the shown order is held, and what would change is counted instead.

export interface OrderChange {
  /** Not shown yet. */
  fresh: number;
  /** Fewest questions that would have to move. */
  moved: number;
}

/** Length of the longest increasing subsequence: these may stay where they are. */
function stayers(places: readonly number[]): number {
  const tails: number[] = [];
  for (const place of places) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tails[middle]! < place) low = middle + 1;
      else high = middle;
    }
    tails[low] = place;
  }
  return tails.length;
}

export function orderChange(shown: readonly number[], target: readonly number[]): OrderChange {
  const place = new Map(target.map((id, index) => [id, index]));
  const common = shown.filter((id) => place.has(id)).map((id) => place.get(id)!);
  return { fresh: target.length - common.length, moved: common.length - stayers(common) };
}

/** The order to show while it is held: nothing moves, nothing new comes in between; what is gone, goes. */
export function heldOrder(shown: readonly number[], target: readonly number[]): number[] {
  const wanted = new Set(target);
  return shown.filter((id) => wanted.has(id));
}

/** What belongs below all that is shown comes in at the end: nothing moves for it. */
export function withTail(shown: readonly number[], target: readonly number[]): number[] {
  const held = new Set(shown);
  const last = target.reduce((place, id, at) => held.has(id) ? at : place, -1);
  return [...shown, ...target.slice(last + 1)];
}
