// A column of cards: its order is held, what waits to be shown is counted on a chip, and an empty one says what to do.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { t, type HostKey } from '../../i18n/host';
import { policyOf } from '../../state/room';
import { spelled } from '../../state/code';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Card } from './Card';
import { doneKinds, sorts, type ColumnName, type DoneKind, type Sort } from './columns';
import type { Desk } from './desk';
import { cardsOf, focusCard } from '../../ui/focus';
import { useHeldOrder } from './held';
import { Picks } from './Picks';

const portion = 150;

function SmallSelect<V extends string>({ label, value, options, onChange }: {
  label: string; value: V; options: readonly (readonly [V, string])[]; onChange(value: V): void;
}) {
  return (
    <select class="mini-select" aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value as V)}>
      {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
    </select>
  );
}

const tools: Partial<Record<ColumnName, (desk: Desk) => ComponentChildren>> = {
  live: (desk) => (
    <SmallSelect label={t('sort.label')} value={desk.sort.value} onChange={(sort: Sort) => { desk.sort.value = sort; }}
      options={sorts.map((sort) => [sort, t(`sort.${sort}`)])} />
  ),
  done: (desk) => (
    <SmallSelect label={t('done.label')} value={desk.done.value} onChange={(kind: DoneKind) => { desk.done.value = kind; }}
      options={doneKinds.map((kind) => [kind, t(`done.${kind}`)])} />
  ),
};

/** What to do when there is nothing here. */
function nextStep(desk: Desk, name: ColumnName): ComponentChildren {
  const info = desk.room.state.value.info!;
  const code = spelled(info.code);
  const review = policyOf(info, 'review') === 1;
  const before = info.state === 'draft';
  const over = info.state === 'ended' || info.state === 'archived';
  const texts: Record<ColumnName, HostKey> = {
    review: over ? 'empty.live.over' : review ? 'empty.review.on' : 'empty.review.off',
    live: over ? 'empty.live.over' : before ? 'empty.live.draft' : info.pending > 0 ? 'empty.live.pending' : 'empty.live.share',
    stage: over || before || info.state === 'scheduled' ? 'empty.stage.closed' : 'empty.stage.next',
    done: 'empty.done.next',
  };
  return (
    <>
      <p>{t(texts[name], { code })}</p>
      {name === 'review' && !review && !over && desk.room.may('policy') && (
        <Button small onClick={() => void desk.doing.policies([['review', 1]], t('rule.review.on'))}>{t('empty.review.turn_on')}</Button>
      )}
    </>
  );
}

function Nothing({ desk, name }: { desk: Desk; name: ColumnName }) {
  const filtered = desk.filter.value.trim() !== '' || desk.asker.value !== 0;
  if (filtered) {
    return <Empty title={t('empty.filter')}><Button small onClick={() => desk.clearFilter()}>{t('filter.clear')}</Button></Empty>;
  }
  return <Empty title={t(`empty.${name}`)}>{nextStep(desk, name)}</Empty>;
}

function Chip({ desk, name, fresh, moved }: { desk: Desk; name: ColumnName; fresh: number; moved: number }) {
  if (fresh + moved === 0) return null;
  const apply = () => {
    desk.turn([name]);
    requestAnimationFrame(() => {
      const top = cardsOf(name)[0];
      if (top) focusCard(top);
    });
  };
  const parts = [fresh > 0 && t('column.fresh', { n: fresh }), moved > 0 && t('column.moved', { n: moved })].filter(Boolean);
  return (
    <div class="host-chip">
      <button type="button" class="button" data-size="small" title={t('column.apply')} onClick={apply}>↻ {parts.join(' · ')}</button>
    </div>
  );
}

interface ColumnProps {
  desk: Desk;
  name: ColumnName;
  now: number;
  /** Show the new order by itself as long as neither the pointer nor the focus is here. */
  follow?: boolean;
}

function isTouched(name: ColumnName): boolean {
  return document.querySelector(`[data-column="${name}"]`)?.matches(':hover, :focus-within') ?? false;
}

export function Column({ desk, name, now, follow = false }: ColumnProps) {
  const limit = useSignal(portion);
  const { shown, change } = useHeldOrder(desk.columns.value[name], desk.turnOf(name), follow && !isTouched(name));
  const questions = desk.questions.value;
  const picked = new Set(desk.picked.value);
  const pickable = name === 'review' && desk.room.may('approve');
  const rest = shown.length - limit.value;
  return (
    <section class="host-column" data-column={name} tabIndex={-1} aria-labelledby={`column-${name}`}>
      <header class="host-column-head">
        <h2 id={`column-${name}`}>{t(`column.${name}`)} {name !== 'stage' && <span class="muted">{desk.columns.value[name].length}</span>}</h2>
        {tools[name]?.(desk)}
      </header>
      {pickable && shown.length > 0 && <Picks desk={desk} shown={shown} />}
      <div class="host-list">
        <Chip desk={desk} name={name} fresh={change.fresh} moved={change.moved} />
        <ol class="stack-s">
          {shown.slice(0, limit.value).map((id, i) => {
            const question = questions.get(id)!;
            return <Card key={id} desk={desk} question={question} now={now} entry={i === 0} same={desk.askers.value.get(question.asker) ?? 0}
              picked={pickable ? picked.has(id) : undefined} />;
          })}
        </ol>
        {rest > 0 && <Button onClick={() => { limit.value += portion; }}>{t('column.more', { n: Math.min(rest, portion) })}</Button>}
        {shown.length === 0 && change.fresh === 0 && <Nothing desk={desk} name={name} />}
      </div>
    </section>
  );
}
