// What the host has in front of them, besides the room: what they look for, what they have picked, which form is open.
import { computed, signal } from '@preact/signals';
import type { QuestionRecord } from '../../net/protocol.gen';
import { staged } from '../../state/room';
import type { Room } from '../../state/store';
import { actionsFor, commandOf, type ActionRow, type ActionWord } from './actions';
import { askerCounts, columnNames, columnOf, columnsOf, type ColumnName, type DoneKind, type Sort } from './columns';
import { Doing, type QuestionCommand } from './doing';
import { cardOf, focusCard } from '../../ui/focus';
import { isTyping } from './keys';

export type Form =
  | { kind: 'edit' | 'reply'; question: number }
  | { kind: 'reject'; questions: readonly number[] }
  | { kind: 'rules' }
  | { kind: 'help' };

export class Desk {
  readonly sort = signal<Sort>('votes');
  readonly done = signal<DoneKind>('all');
  readonly filter = signal('');
  readonly asker = signal(0);
  readonly tab = signal<ColumnName>('review');
  readonly form = signal<Form | null>(null);
  private readonly picks = signal<ReadonlySet<number>>(new Set());
  private readonly turns = signal<Readonly<Record<ColumnName, number>>>({ review: 0, live: 0, stage: 0, done: 0 });

  readonly questions = computed(() => this.room.state.value.questions);
  readonly onStage = computed(() => staged(this.questions.value));
  readonly askers = computed(() => askerCounts(this.questions.value));
  readonly columns = computed(() => columnsOf(this.questions.value, {
    sort: this.sort.value, done: this.done.value, filter: this.filter.value.trim(), asker: this.asker.value,
  }));
  /** Those of the picked ones that can still be decided, and that are in sight. */
  readonly picked = computed(() => this.columns.value.review.filter((id) => this.picks.value.has(id)));
  readonly doing: Doing;

  constructor(readonly room: Room) {
    this.doing = new Doing(room, () => this.turnOthers(), (ids) => this.showAgain(ids));
  }

  /** A new key: this column may show its new order. */
  turnOf(name: ColumnName): string {
    return [this.turns.value[name], this.filter.value.trim(), this.asker.value, name === 'live' && this.sort.value, name === 'done' && this.done.value].join(' ');
  }

  turn(names: readonly ColumnName[]): void {
    const turns = { ...this.turns.peek() };
    for (const name of names) turns[name]++;
    this.turns.value = turns;
  }

  /** The host's own act may change the order of the columns that the hand is not on. */
  private turnOthers(): void {
    const hand = document.activeElement?.closest<HTMLElement>('[data-column]')?.dataset.column;
    this.turn(columnNames.filter((name) => name !== hand));
  }

  /** What was taken back is in sight again, and the host goes on from there. */
  private showAgain(ids: readonly number[]): void {
    this.turn(columnNames);
    requestAnimationFrame(() => {
      const card = ids.length > 0 && !document.querySelector('dialog[open]') && cardOf(Math.min(...ids));
      if (card && !isTyping(document.activeElement)) focusCard(card);
    });
  }

  pick(ids: readonly number[], on: boolean): void {
    const next = new Set(this.picks.peek());
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    this.picks.value = next;
  }

  actions(question: QuestionRecord): readonly ActionRow[] {
    return actionsFor(question, (word, about) => this.room.may(word, about));
  }

  /** By button or key. false: not possible on this question now. */
  act(id: number, word: ActionWord): boolean {
    const question = this.questions.peek().get(id);
    const row = question && this.actions(question).find((one) => one.word === word);
    if (!row) return false;
    if (this.room.isBusy(id)) return true;
    const command = commandOf(row, question);
    if (command) void this.doing.one(command as QuestionCommand);
    else if (word === 'reject') this.form.value = { kind: 'reject', questions: [id] };
    else if (word === 'edit' || word === 'reply') this.form.value = { kind: word, question: id };
    return true;
  }

  clearFilter(): void {
    this.filter.value = '';
    this.asker.value = 0;
  }

  columnOfQuestion(id: number): ColumnName | null {
    const question = this.questions.peek().get(id);
    return question ? columnOf(question.state) : null;
  }
}
