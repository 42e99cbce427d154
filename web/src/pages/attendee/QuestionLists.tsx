// The four lists. Popular, newest and answered are held while somebody reads them: what has changed meanwhile is counted on
// a chip, and one tap brings the right order.
import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatNumber, t, type LiveKey } from '../../i18n';
import type { QuestionState } from '../../net/protocol.gen';
import { listNames, listOf, type ListName } from '../../state/room';
import type { Room } from '../../state/store';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { address, navigate } from '../../ui/router';
import { Tabs } from '../../ui/Tabs';
import { askGate, voteBar } from './gates';
import { useHeld, usePieces, type HeldList } from './hooks';
import { Mine, mineCount } from './Mine';
import { QuestionCard } from './QuestionCard';
import './QuestionLists.css';

export const tabKeys = [...listNames, 'mine'] as const;
export type TabKey = (typeof tabKeys)[number];
const panelId = 'questions';

/** The tab is part of the address, so that it survives a reload; what is over opens with its answers. */
export function selectedTab(room: Room): TabKey {
  const wanted = address.value.searchParams.get('list') as TabKey;
  if (tabKeys.includes(wanted)) return wanted;
  const { info } = room.state.value;
  const over = info?.state === 'ended' || info?.state === 'archived';
  return over && info.answered > 0 ? 'answered' : 'popular';
}

export function selectTab(key: TabKey): void {
  const next = new URL(address.peek());
  next.searchParams.set('list', key);
  navigate(next.href, { replace: true });
}

export function showMine(): void {
  selectTab('mine');
  document.getElementById(`${panelId}-mine`)?.focus();
}

const shownElsewhere: readonly QuestionState[] = ['live', 'stage', 'answered'];

function Chips({ held, onApply }: { held: HeldList; onApply(): void }) {
  const counts: readonly (readonly [LiveKey, number])[] = [
    ['list.chip.new', held.fresh], ['list.chip.moved', held.moved], ['list.chip.left', held.left],
  ];
  const some = counts.filter(([, n]) => n > 0);
  if (some.length === 0) return null;
  return (
    <button type="button" class="chip" onClick={onApply}>
      {some.map(([key, n]) => <span key={key}>{t(key, { n })}</span>)}
      <span class="sr-only">{t('list.chip.apply')}</span>
    </button>
  );
}

function focusAskBox(): void {
  document.getElementById('ask-text')?.focus();
}

function NothingHere({ room, list }: { room: Room; list: ListName }) {
  const info = room.state.value.info!;
  if (list === 'answered') return <Empty title={t('list.empty.answered')}><p>{t('list.empty.answered.hint')}</p></Empty>;
  const open = askGate(info, room.isHostSide) === 'open';
  const over = info.state === 'ended' || info.state === 'archived';
  const some = info.live + info.answered > 0;
  return (
    <Empty title={t(some ? 'list.empty.open' : over ? 'list.empty.over' : 'list.empty')}>
      {open && <p>{t(some ? 'list.empty.more' : 'list.empty.first')}</p>}
      {!open && !some && !over && <p>{t('list.empty.later')}</p>}
      {open && <Button kind="primary" onClick={focusAskBox}>{t('ask.title')}</Button>}
    </Empty>
  );
}

function More({ room, list, onMore }: { room: Room; list: ListName; onMore(): void }) {
  if (!room.hasMore(list)) return null;
  const live = room.connection.state.value.kind === 'live';
  return (
    <div class="list-more">
      <Button disabled={!live} onClick={() => { onMore(); room.more(list); }}>{t('list.more')}</Button>
    </div>
  );
}

function HeldQuestions({ room, list, now }: { room: Room; list: ListName; now: number }) {
  const target = useComputed(() => listOf(room.all.value, list)).value;
  const all = room.all.value;
  const { own, extra } = room.state.value;
  const stays = (id: number) => list !== 'answered' && shownElsewhere.includes(all.get(id)?.state ?? 'archived');
  const held = useHeld(list, target, stays, (id) => own.has(id) || extra.has(id));
  const [drawn, drawAnew] = usePieces(held.ids.length);
  const items = useRef<HTMLUListElement>(null);
  const grewFrom = useRef<number | null>(null);
  useEffect(() => {
    const from = grewFrom.current;
    if (from === null || held.ids.length <= from) return;
    grewFrom.current = null;
    // The button may be gone, and the focus with it: go on with the first of the new ones.
    if (!room.hasMore(list)) (items.current?.children[from] as HTMLElement | undefined)?.focus();
  }, [held.ids.length]);
  const apply = () => {
    held.apply();
    drawAnew();
    announce(t('list.applied'));
    const panel = document.getElementById(panelId)!;
    panel.focus({ preventScroll: true });
    if (panel.getBoundingClientRect().top < 0) panel.scrollIntoView();
  };
  if (held.ids.length === 0) return <NothingHere room={room} list={list} />;
  const usual = list === 'answered' ? 'answered' : 'live';
  return (
    <>
      <div class="chips"><Chips held={held} onApply={apply} /></div>
      <p class="list-order small muted">{t(`list.order.${list}`)}</p>
      <ul class="question-list" ref={items}>
        {held.ids.slice(0, drawn).map((id) => {
          const question = all.get(id)!;
          return (
            <li key={id} tabIndex={-1}>
              <QuestionCard room={room} question={question} now={now} own={own.has(id)} isNew={held.isNew(id)}
                plain={question.state === usual} brief={question.state !== usual} />
            </li>
          );
        })}
      </ul>
      {drawn >= held.ids.length && <More room={room} list={list} onMore={() => { grewFrom.current = held.ids.length; }} />}
    </>
  );
}

function useTabs(room: Room) {
  const info = room.state.value.info!;
  const open = info.live - (room.onStage.value ? 1 : 0);
  const counts: Record<TabKey, number> = { popular: open, newest: open, answered: info.answered, mine: mineCount(room) };
  return tabKeys.map((key) => ({ key, label: t(`list.${key}`), count: formatNumber(counts[key]) }));
}

export function QuestionLists({ room, now }: { room: Room; now: number }) {
  const selected = selectedTab(room);
  const bar = voteBar(room.state.value.info!, room.isHostSide);
  return (
    <section class="lists" aria-label={t('list.title')}>
      <Tabs label={t('list.title')} items={useTabs(room)} selected={selected} panelId={panelId} onSelect={selectTab} />
      {bar === 'list.vote.closed' && selected !== 'mine' && <p class="note small">{t(bar)}</p>}
      <div id={panelId} class="list-panel" role="tabpanel" aria-labelledby={`${panelId}-${selected}`} tabIndex={-1}>
        {selected === 'mine' ? <Mine room={room} now={now} />
          : <HeldQuestions key={selected} room={room} list={selected} now={now} />}
      </div>
    </section>
  );
}
