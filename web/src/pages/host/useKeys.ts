// Ties the keys to the page: moving among the cards, acting on the one that has the focus.
import { useEffect } from 'preact/hooks';
import { actionRows } from './actions';
import { columnNames, type ColumnName } from './columns';
import type { Desk } from './desk';
import { cardOf, cardsOf, focusCard, focusedCard, type FocusKeeper } from '../../ui/focus';
import { isTyping, keyOf, keysOn } from './keys';

export const filterId = 'host-filter';

const along: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const across: Readonly<Record<string, number>> = { l: 1, ArrowRight: 1, h: -1, ArrowLeft: -1 };

/** A column that is drawn now, or after the next picture when it is behind a tab. */
export function showColumn(desk: Desk, name: ColumnName, then: () => void): void {
  if (document.querySelector(`[data-column="${name}"]`)) return then();
  desk.tab.value = name;
  requestAnimationFrame(() => setTimeout(then));
}

function focusColumn(name: string): void {
  document.querySelector<HTMLElement>(`[data-column="${name}"]`)?.focus();
}

/** To a question, wherever it is. */
export function reveal(desk: Desk, id: number): void {
  const name = desk.columnOfQuestion(id);
  if (!name) return;
  if (!desk.columns.peek()[name].includes(id)) desk.clearFilter();
  desk.turn([name]);
  showColumn(desk, name, () => requestAnimationFrame(() => {
    const card = cardOf(id);
    if (card) focusCard(card);
    else focusColumn(name);
  }));
}

class Hand {
  constructor(private readonly desk: Desk, private readonly keeper: FocusKeeper) {}

  private column(): ColumnName {
    const name = focusedCard()?.closest<HTMLElement>('[data-column]')?.dataset.column ?? this.keeper.lastColumn();
    const drawn = columnNames.filter((one) => document.querySelector(`[data-column="${one}"]`));
    return drawn.find((one) => one === name) ?? drawn.find((one) => cardsOf(one).length > 0) ?? 'review';
  }

  /** false: the browser may scroll. */
  move(step: number, isArrow: boolean): boolean {
    const card = focusedCard();
    if (!card && isArrow) return false;
    const cards = cardsOf(this.column());
    const next = card ? cards[cards.indexOf(card) + step] : this.keeper.lastCard(this.column());
    if (next) focusCard(next);
    return true;
  }

  cross(step: number, isArrow: boolean): boolean {
    if (!focusedCard() && isArrow) return false;
    const all = document.querySelectorAll('[data-column]').length > 1;
    const at = columnNames.indexOf(this.column());
    const ways = step > 0 ? columnNames.slice(at + 1) : columnNames.slice(0, at).reverse();
    const next = all ? ways.find((name) => cardsOf(name).length > 0) : ways[0];
    if (!next) return true;
    showColumn(this.desk, next, () => {
      const card = this.keeper.lastCard(next);
      if (card) focusCard(card);
      else focusColumn(next);
    });
    return true;
  }

  /** With the focus on the card itself; on its buttons the space bar presses them. */
  pick(target: EventTarget | null): boolean {
    const card = focusedCard();
    const box = card === target ? card?.querySelector<HTMLInputElement>('.host-pick input') : null;
    box?.click();
    return !!box;
  }

  act(key: string): boolean {
    const card = focusedCard();
    const words = [...new Set(actionRows.filter((row) => row.key === key).map(({ word }) => word))];
    return card !== null && words.some((word) => this.desk.act(Number(card.dataset.question), word));
  }
}

function handle(desk: Desk, hand: Hand, key: string, target: EventTarget | null): boolean {
  const isArrow = key.startsWith('Arrow');
  if (along[key]) return hand.move(along[key], isArrow);
  if (across[key]) return hand.cross(across[key], isArrow);
  switch (key) {
    case '?':
      desk.form.value = { kind: 'help' };
      return true;
    case '/':
      document.getElementById(filterId)?.focus();
      return true;
    case 'z':
    case 'u':
      desk.doing.undoLast();
      return true;
    case ' ':
      return hand.pick(target);
    default:
      return hand.act(key);
  }
}

export function useKeys(desk: Desk, keeper: FocusKeeper): void {
  useEffect(() => {
    const hand = new Hand(desk, keeper);
    const onKey = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (!key || !keysOn.peek() || isTyping(event.target) || document.querySelector('dialog[open]')) return;
      if (handle(desk, hand, key, event.target)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [desk, keeper]);
}
