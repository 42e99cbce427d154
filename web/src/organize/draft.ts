// What was typed and not yet sent: it survives a reload, the back button and signing in again, for as long as the tab is
// open. Only what differs from the form's own values is kept, so a draft never brings old values back.
import type { Values } from './problems';

/** What the reader has changed. */
export function changesIn(base: Values, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== (base[name] ?? '')));
}

/** Newer values arrive: fields that the reader has not touched follow them. */
export function follow(values: Values, before: Values, now: Values): Values {
  return { ...now, ...changesIn(before, values) };
}

/** Of a stored draft, the fields that the form has. */
export function readDraft(stored: string | null, base: Values): Values {
  try {
    const found = JSON.parse(stored ?? '{}') as Record<string, unknown>;
    return Object.fromEntries(Object.entries(found).filter(([name, value]) => name in base && typeof value === 'string')) as Values;
  } catch {
    return {};
  }
}

const keyOf = (name: string) => `lectern.draft.${name}`;

export function loadDraft(name: string, base: Values): Values {
  try {
    return readDraft(sessionStorage.getItem(keyOf(name)), base);
  } catch { // storage is closed
    return {};
  }
}

export function storeDraft(name: string, changes: Values): void {
  try {
    if (Object.keys(changes).length > 0) sessionStorage.setItem(keyOf(name), JSON.stringify(changes));
    else sessionStorage.removeItem(keyOf(name));
  } catch { /* it holds as long as the page does */ }
}

/** Nobody else finds them after signing out. */
export function dropDrafts(): void {
  try {
    Object.keys(sessionStorage).filter((key) => key.startsWith(keyOf(''))).forEach((key) => sessionStorage.removeItem(key));
  } catch { /* there are none */ }
}
