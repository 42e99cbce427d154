// Hooks that tie a room, a clock and kept texts to a component's life.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Page } from '../net/protocol.gen';
import { pageStorage, Room } from './store';

export function useRoom(code: string, page: Page): Room {
  const room = useMemo(() => new Room(code, page), [code, page]);
  useEffect(() => {
    room.start();
    return () => room.stop();
  }, [room]);
  return room;
}

/** The time by the room's clock, renewed every `everyMs`. */
export function useNow(room: Room, everyMs: number): number {
  const now = useSignal(room.now());
  useEffect(() => {
    const timer = setInterval(() => { now.value = room.now(); }, everyMs);
    return () => clearInterval(timer);
  }, [room, everyMs]);
  return now.value;
}

/** A text that a reload does not lose. */
export function useKeptText(key: string): Signal<string> {
  const text = useSignal(pageStorage()?.getItem(key) ?? '');
  useEffect(() => text.subscribe((value) => {
    try {
      if (value) pageStorage()?.setItem(key, value);
      else pageStorage()?.removeItem(key);
    } catch { /* closed storage: the text lives as long as the page */ }
  }), [key]);
  return text;
}
