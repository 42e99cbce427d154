// Single keys do what the buttons do. They act on the card that has the focus, never while somebody types, never inside a
// dialog, never with a modifier; and they can be switched off, for people whose devices type by themselves.
import { signal } from '@preact/signals';

type Stroke = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing' | 'defaultPrevented' | 'repeat'>;

const repeatable = ['j', 'k', 'ArrowUp', 'ArrowDown'];
/** On some keyboards these need Shift. */
const shifted = ['?', '/'];

/** The key that is meant, or null. A key that is held down must not decide one question after the other. */
export function keyOf(stroke: Stroke): string | null {
  if (stroke.defaultPrevented || stroke.isComposing || stroke.ctrlKey || stroke.metaKey || stroke.altKey) return null;
  if (stroke.shiftKey && !shifted.includes(stroke.key)) return null;
  const key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key;
  return stroke.repeat && !repeatable.includes(key) ? null : key;
}

const notTyped = ['checkbox', 'radio', 'button', 'submit'];

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !notTyped.includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

const storageKey = 'lectern.host.keys';

function stored(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

export const keysOn = signal(stored());

export function setKeysOn(on: boolean): void {
  keysOn.value = on;
  try {
    if (on) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, 'off');
  } catch { /* it holds for this visit */ }
}
