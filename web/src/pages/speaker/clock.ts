// Which clock of the session a speaker needs: what is left, what is over, or what has gone by. Pure.
import type { InfoRecord } from '../../net/protocol.gen';

export type SessionClock =
  | { kind: 'until' | 'elapsed'; ms: number }
  | { kind: 'remaining' | 'over'; ms: number; tone: 'none' | 'warn' | 'bad' };

const nearEndMs = 5 * 60_000;
/** Further away a clock says nothing that a date does not say better. */
const dayMs = 24 * 3_600_000;

export function sessionClock(info: Pick<InfoRecord, 'state' | 'starts_at' | 'ends_at'>, now: number): SessionClock | null {
  if (info.state === 'ended' || info.state === 'archived') return null;
  if (info.state === 'draft' || info.state === 'scheduled') {
    const wait = info.starts_at - now;
    return info.starts_at > 0 && wait > 0 && wait < dayMs ? { kind: 'until', ms: wait } : null;
  }
  if (info.ends_at > 0) {
    const left = info.ends_at - now;
    if (left < -dayMs) return null;
    if (left < 0) return { kind: 'over', ms: -left, tone: 'bad' };
    return { kind: 'remaining', ms: left, tone: left < nearEndMs ? 'warn' : 'none' };
  }
  const gone = now - info.starts_at;
  return info.starts_at > 0 && gone >= 0 && gone < dayMs ? { kind: 'elapsed', ms: gone } : null;
}
