// The order that a column shows: held, until the host asks for the new one. What belongs below everything that is shown
// may join at once, since nothing moves for it.
import { heldOrder, orderChange, withTail, type OrderChange } from '../../state/order';
import { useRef } from 'preact/hooks';

export function settle(shown: readonly number[], target: readonly number[]): number[] {
  return withTail(heldOrder(shown, target), target);
}

/** `key`: a new one means that the host has asked for another order or another choice. `free`: nobody's hand is on it. */
export function useHeldOrder(target: readonly number[], key: string, free: boolean): { shown: readonly number[]; change: OrderChange } {
  const held = useRef<{ key: string; shown: readonly number[] }>({ key, shown: target });
  const shown = held.current.key === key && !free ? settle(held.current.shown, target) : target;
  held.current = { key, shown };
  return { shown, change: orderChange(shown, target) };
}
