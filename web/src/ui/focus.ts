// The focus must never fall to the page's ground. Cards go when somebody else acts on them, buttons go when they have no
// more use; then the focus goes to the next neighbour, or to the closest place around that can hold it. All of it is read
// from the document, so it does not matter which part was drawn anew, and why.

/** Where a card was: its column and who stood there. */
interface Place {
  column: string;
  id: number;
  ids: readonly number[];
}

/** The next one below that is still there, else the next above. */
export function neighbour(before: readonly number[], now: readonly number[], gone: number): number | null {
  const there = new Set(now);
  if (there.has(gone)) return gone;
  const at = before.indexOf(gone);
  const below = before.slice(at + 1).find((id) => there.has(id));
  const above = before.slice(0, Math.max(at, 0)).reverse().find((id) => there.has(id));
  return below ?? above ?? now[0] ?? null;
}

export function cardsOf(column: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-column="${column}"] [data-question]`)];
}

export function cardOf(id: number): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-question="${id}"]`);
}

function idOf(card: HTMLElement): number {
  return Number(card.dataset.question);
}

export function focusCard(card: HTMLElement): void {
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'nearest' });
}

/** The card that has the focus or holds what has it. */
export function focusedCard(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-question]') ?? null;
}

function placeOf(element: Element): Place | null {
  const card = element.closest<HTMLElement>('[data-question]');
  const column = element.closest<HTMLElement>('[data-column]')?.dataset.column;
  return card && column ? { column, id: idOf(card), ids: cardsOf(column).map(idOf) } : null;
}

function holdersOf(element: Element): HTMLElement[] {
  const holders: HTMLElement[] = [];
  for (let up = element.parentElement; up; up = up.parentElement) if (up.hasAttribute('tabindex')) holders.push(up);
  return holders;
}

export class FocusKeeper {
  private target: Element | null = null;
  private holders: readonly HTMLElement[] = [];
  private place: Place | null = null;
  private readonly observer = new MutationObserver(() => this.check());

  start(): () => void {
    document.addEventListener('focusin', this.moved);
    document.addEventListener('pointerdown', this.pressed);
    this.observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', this.moved);
      document.removeEventListener('pointerdown', this.pressed);
      this.observer.disconnect();
    };
  }

  /** The card to go on with, when no card has the focus. */
  lastCard(column: string): HTMLElement | null {
    const cards = cardsOf(column);
    if (this.place?.column !== column) return cards[0] ?? null;
    const id = neighbour(this.place.ids, cards.map(idOf), this.place.id);
    return cards.find((card) => idOf(card) === id) ?? null;
  }

  lastColumn(): string | null {
    return this.place?.column ?? null;
  }

  private readonly moved = (event: FocusEvent): void => {
    const target = event.target as Element;
    if (target.closest('dialog')) return; // it gives the focus back by itself
    this.target = target;
    this.place = placeOf(target) ?? this.place;
    this.holders = holdersOf(target);
  };

  /** Whoever clicks on the ground wants no focus. */
  private readonly pressed = (event: Event): void => {
    const focusable = (event.target as Element).closest('button, a, input, select, textarea, summary, label, [tabindex]');
    if (!focusable) this.target = null;
  };

  private check(): void {
    const { target, place } = this;
    if (target?.isConnected && place && focusedCard()) this.place = placeOf(target) ?? place;
    const lost = target && !target.isConnected && (document.activeElement === document.body || !document.activeElement);
    if (!lost || document.querySelector('dialog[open]')) return;
    const holder = this.holders.find((one) => one.isConnected);
    const column = this.holders.find((one) => one.dataset.column)?.dataset.column ?? (holder ? undefined : place?.column);
    const next = column && this.lastCard(column);
    if (next) focusCard(next);
    else (holder ?? document.getElementById('main'))?.focus();
  }
}
