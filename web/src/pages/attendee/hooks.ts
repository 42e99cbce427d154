// Ties the pure parts to the page: the held order, what is news, what is remembered.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { Entry } from '../../net/outbox';
import type { Questions } from '../../state/room';
import type { Room } from '../../state/store';
import { address } from '../../ui/router';
import { showToast } from '../../ui/Toast';
import { refusalText } from '../room/words';
import { newsBetween } from './fate';
import { withReturned, type AskProblem } from './gates';
import { hold, type Held } from '../../state/held';
import { excerpt } from './text';

export interface HeldList extends Held {
  /** What the last applying brought in. */
  isNew(id: number): boolean;
  apply(): void;
}

/** Nobody reads an empty list or a hidden page: there the right order may come at once. */
export function useHeld(
  key: string, target: readonly number[], stays: (id: number) => boolean, welcome: (id: number) => boolean,
): HeldList {
  const kept = useRef<{ key: string; ids: readonly number[]; fresh: ReadonlySet<number> }>();
  const turn = useSignal(0);
  void turn.value;
  const old = kept.current?.key === key ? kept.current : undefined;
  const loose = !old || old.ids.length === 0 || document.hidden;
  const held = hold(loose ? target : old.ids, target, stays, welcome);
  kept.current = { key, ids: held.ids, fresh: old?.fresh ?? new Set() };
  const apply = () => {
    const before = new Set(held.ids);
    kept.current = { key, ids: target, fresh: new Set(target.filter((id) => !before.has(id))) };
    turn.value++;
  };
  return { ...held, isNew: (id) => kept.current!.fresh.has(id), apply };
}

const piece = 12;

/**
 * A long list is drawn in pieces: on a slow phone the first of it is there at once, and a tap in between does not wait for
 * all of it. How many are drawn by now, and what to call when another list is to be drawn.
 */
export function usePieces(total: number): readonly [number, () => void] {
  const drawn = useSignal(piece);
  useEffect(() => {
    if (drawn.value === Infinity) return;
    const timer = setTimeout(() => { drawn.value = drawn.value + piece < total ? drawn.value + piece : Infinity; });
    return () => clearTimeout(timer);
  }, [drawn.value, total]);
  return [drawn.value, () => { drawn.value = piece; }];
}

function asksIn(entries: readonly Entry[]): Set<string> {
  return new Set(entries.filter(({ command }) => command.type === 'ask').map(({ id }) => id));
}

function showAction(showMine: () => void) {
  const there = address.peek().searchParams.get('list') === 'mine';
  return there ? undefined : { label: t('mine.show'), run: showMine };
}

function tellNews(before: Questions, after: Questions, showMine: () => void): void {
  for (const { question, key } of newsBetween(before, after)) {
    showToast(t(key, { text: excerpt(question.text) }), { action: showAction(showMine) });
  }
}

function tellSent(before: Questions, after: Questions, showMine: () => void): void {
  const newest = [...after.values()].filter(({ id }) => !before.has(id)).pop();
  const waits = newest?.state === 'pending';
  showToast(t(waits ? 'ask.sent.review' : 'ask.sent'), { ms: 5000, action: showAction(showMine) });
}

/** Says what became of the reader's questions, and gives a refused one back to the box. */
export function useNews(room: Room, draft: Signal<string>, problem: Signal<AskProblem | null>, showMine: () => void): void {
  const { own } = room.state.value;
  const outbox = room.outbox.value;
  const refused = room.refusedAsks.value;
  const last = useRef({ own, asks: asksIn(outbox) });
  useEffect(() => {
    const before = last.current;
    last.current = { own, asks: asksIn(outbox) };
    const back = new Set(refused.map(({ key }) => key));
    if ([...before.asks].some((id) => !last.current.asks.has(id) && !back.has(id))) tellSent(before.own, own, showMine);
    tellNews(before.own, own, showMine);
    for (const ask of refused) {
      draft.value = withReturned(draft.peek(), ask.text);
      problem.value = { field: ask.refusal === 'name_required' ? 'name' : 'text', refusal: ask.refusal, detail: ask.detail };
      room.forgetRefused(ask.key);
    }
  }, [own, outbox, refused]);
}

/** Refusals that no part of the page waits for. */
export function useRefusalToasts(room: Room): void {
  const refused = room.lastRefusal.value;
  useEffect(() => {
    if (!refused) return;
    showToast(refusalText(refused.refusal, refused.detail));
    room.lastRefusal.value = null;
  }, [refused]);
}

/** A choice that this browser remembers from session to session. */
export function useRemembered(key: string): Signal<string> {
  const value = useSignal(stored(key));
  useEffect(() => value.subscribe((now) => {
    try {
      localStorage.setItem(key, now);
    } catch { /* it holds for this visit */ }
  }), [key]);
  return value;
}

function stored(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
