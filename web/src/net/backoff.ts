// How long to wait before the next try: full jitter, so that a hall that lost its network does not come back as one.
export const capMs = 15_000;
const firstMs = 500;

/** `attempt` counts from 0; `hintMs` is what the server asked for at the last close (it replaces the first step). */
export function backoffMs(attempt: number, hintMs: number | null, random: () => number = Math.random): number {
  const ceiling = attempt === 0 && hintMs !== null ? hintMs : Math.min(capMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.round(random() * ceiling);
}
