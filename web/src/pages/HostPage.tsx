// The host's page: review, put in order, answer. Columns side by side on a large screen, behind tabs on a small one.
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { formatNumber } from '../i18n';
import { t } from '../i18n/host';
import type { Room } from '../state/store';
import { useNow, useRoom } from '../state/use';
import { Button } from '../ui/Button';
import { Frame } from '../ui/Frame';
import { Tabs } from '../ui/Tabs';
import { showToast } from '../ui/Toast';
import { Column } from './host/Column';
import { columnNames } from './host/columns';
import { Desk } from './host/desk';
import { EditForm, ReplyForm } from './host/Forms';
import { focusCard, FocusKeeper } from '../ui/focus';
import { Head, Notice } from './host/Head';
import { Help } from './host/Help';
import { RejectForm } from './host/RejectForm';
import { RulesForm } from './host/Rules';
import { filterId, reveal, useKeys } from './host/useKeys';
import { ConnectionBanner, RoomGate } from './room/RoomGate';
import { refusalText } from './room/words';
import './host/host.css';

function useWide(): boolean {
  const query = useMemo(() => matchMedia('(min-width: 64rem)'), []);
  const wide = useSignal(query.matches);
  useEffect(() => {
    const change = () => { wide.value = query.matches; };
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [query]);
  return wide.value;
}

function OpenForm({ desk }: { desk: Desk }) {
  const form = desk.form.value;
  if (!form) return null;
  if (form.kind === 'reject') return <RejectForm key={form.questions.join()} desk={desk} questions={form.questions} />;
  if (form.kind === 'rules') return <RulesForm desk={desk} />;
  if (form.kind === 'help') return <Help desk={desk} />;
  const question = desk.questions.value.get(form.question);
  if (!question) return null;
  const Form = form.kind === 'edit' ? EditForm : ReplyForm;
  return <Form key={question.id} desk={desk} question={question} />;
}

/** Of many at once: how far it is. */
function Progress({ desk }: { desk: Desk }) {
  const progress = desk.doing.progress.value;
  if (!progress) return null;
  const text = t('progress.sent', progress);
  return (
    <p class="host-progress small">
      <progress value={progress.n} max={progress.of} aria-label={text} /> {text}
    </p>
  );
}

function Filter({ desk }: { desk: Desk }) {
  const asker = desk.asker.value;
  const leave = (event: KeyboardEvent) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    if (event.key === 'Escape') desk.filter.value = '';
    requestAnimationFrame(() => {
      const card = document.querySelector<HTMLElement>('[data-question]');
      if (card) focusCard(card);
    });
  };
  return (
    <div class="host-filter">
      <input id={filterId} class="input" type="search" aria-label={t('filter.label')} placeholder={t('filter.hint')} autocomplete="off"
        aria-keyshortcuts="/" value={desk.filter.value} onKeyDown={leave} onInput={(event) => { desk.filter.value = event.currentTarget.value; }} />
      {asker !== 0 && (
        <Button small aria-label={t('filter.asker_clear')} onClick={() => { desk.asker.value = 0; }}>
          {t('filter.asker', { n: desk.askers.value.get(asker) ?? 0 })} ×
        </Button>
      )}
    </div>
  );
}

function TabbedColumns({ desk, now }: { desk: Desk; now: number }) {
  const name = desk.tab.value;
  const items = columnNames.map((key) => ({ key, label: t(`tab.${key}`), count: formatNumber(desk.columns.value[key].length) }));
  return (
    <>
      <div class="host-tabs">
        <Tabs label={t('column.label')} items={items} selected={name} panelId="host-panel" onSelect={(key) => { desk.tab.value = key; }} />
      </div>
      <div id="host-panel" role="tabpanel" aria-labelledby={`host-panel-${name}`}>
        <Column key={name} desk={desk} name={name} now={now} />
      </div>
    </>
  );
}

function AllColumns({ desk, now }: { desk: Desk; now: number }) {
  return (
    <div class="host-columns">
      <Column desk={desk} name="review" now={now} />
      <Column desk={desk} name="live" now={now} />
      <div class="host-pair">
        <Column desk={desk} name="stage" now={now} />
        <Column desk={desk} name="done" now={now} follow />
      </div>
    </div>
  );
}

function Workspace({ room }: { room: Room }) {
  const desk = useMemo(() => new Desk(room), [room]);
  const keeper = useMemo(() => new FocusKeeper(), [room]);
  const now = useNow(room, 15_000);
  const wide = useWide();
  useEffect(() => keeper.start(), [keeper]);
  useKeys(desk, keeper);
  useSignalEffect(() => {
    const refused = room.lastRefusal.value;
    if (!refused) return;
    room.lastRefusal.value = null;
    showToast(refusalText(refused.refusal, refused.detail), { ms: 12_000 });
  });
  const info = room.state.value.info!;
  const title = t(info.pending > 0 ? 'page.title_waiting' : 'page.title', { n: info.pending, title: info.title });
  const head = (
    <>
      <ConnectionBanner room={room} />
      <Head desk={desk} info={info} now={now} wide={wide} onReveal={(id) => reveal(desk, id)}>
        <Filter desk={desk} />
      </Head>
    </>
  );
  return (
    <div class="host-page">
      <Frame title={title} head={head} wide>
        <Notice desk={desk} info={info} />
        <Progress desk={desk} />
        {wide ? <AllColumns desk={desk} now={now} /> : <TabbedColumns desk={desk} now={now} />}
      </Frame>
      <OpenForm desk={desk} />
    </div>
  );
}

export default function HostPage({ code }: { code?: string }) {
  const room = useRoom(code!, 'host');
  return <RoomGate room={room}>{() => <Workspace room={room} />}</RoomGate>;
}
