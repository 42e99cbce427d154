// One polite live region for what happens without the reader's doing. Sparing: the latest text wins.
import { signal } from '@preact/signals';

const text = signal('');

export function announce(message: string): void {
  text.value = message;
}

export function Announcer() {
  return <div class="sr-only" role="status" aria-live="polite">{text.value}</div>;
}
