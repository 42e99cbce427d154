// The list of the next questions does not move under a finger. Rows keep their places, those that somebody took meanwhile
// included; only what belongs below everything comes in at once. The right order comes by the reader's word, or by itself
// when nobody has touched the page for a while: a phone on a lectern must not grow stale. A tap right after such a
// change was aimed at what stood there before: the buttons wait for that moment.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { QuestionRecord } from '../../net/protocol.gen';
import type { Questions } from '../../state/room';
import { hold, type Held } from '../../state/held';
import { withTail } from '../../state/order';

export const quietMs = 8000;
export const aimMs = 500;

const touches = ['pointerdown', 'pointermove', 'wheel', 'touchmove', 'scroll', 'keydown'] as const;

function useLastTouch(): { readonly current: number } {
  const last = useRef(-Infinity);
  useEffect(() => {
    const touched = () => { last.current = performance.now(); };
    for (const type of touches) addEventListener(type, touched, { passive: true, capture: true });
    return () => {
      for (const type of touches) removeEventListener(type, touched, { capture: true });
    };
  }, []);
  return last;
}

export interface HeldNext extends Held {
  rows: QuestionRecord[];
  apply(): void;
  /** The same when nobody asked for it: the buttons wait for a moment. */
  settle(): void;
  settling: boolean;
}

export function useHeldNext(target: readonly number[], all: Questions, hasFocus: () => boolean): HeldNext {
  const kept = useRef<{ ids: readonly number[]; records: Map<number, QuestionRecord> }>({ ids: [], records: new Map() });
  const settling = useSignal(false);
  const turn = useSignal(0);
  const movedAt = useRef(performance.now());
  const touch = useLastTouch();
  void turn.value;

  const { ids: before, records } = kept.current;
  const held = hold(withTail(before, target), target, () => true, () => false);
  for (const id of held.ids) {
    const now = all.get(id);
    const last = records.get(id);
    if (now) records.set(id, now);
    else if (last) records.set(id, { ...last, state: 'archived' }); // gone from what we may see: no longer waiting
  }
  kept.current = { ids: held.ids, records };

  const apply = () => {
    kept.current = { ids: target, records: new Map() };
    turn.value++;
  };
  const changed = held.fresh + held.moved + held.left > 0;
  const settle = () => {
    settling.value = true;
    movedAt.current = performance.now();
    setTimeout(() => { settling.value = false; }, aimMs);
    apply();
  };
  const settleNow = useRef(settle);
  settleNow.current = settle;
  useEffect(() => {
    if (!changed) return;
    const timer = setInterval(() => {
      // A busy room does not make the list restless either.
      if (performance.now() - Math.max(touch.current, movedAt.current) < quietMs || hasFocus()) return;
      settleNow.current();
    }, 1000);
    return () => clearInterval(timer);
  }, [changed]);

  return {
    ...held, apply, settle,
    rows: held.ids.flatMap((id) => kept.current.records.get(id) ?? []),
    settling: settling.value,
  };
}
