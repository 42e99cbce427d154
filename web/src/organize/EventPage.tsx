// One event: its sessions, and how to make one.
import { useState } from 'preact/hooks';
import { language } from '../i18n';
import { t } from '../i18n/organize';
import { api } from '../net/api';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Link, navigate } from '../ui/router';
import { showToast } from '../ui/Toast';
import { eventFields } from './EventsPage';
import { Form } from './Form';
import type { PageProps } from './index';
import { mayPlan } from './me';
import { Card, StateBadge, useOpener } from './parts';
import { Loaded, useResource, type Resource } from './resource';
import { checkDetails, detailFields, detailsOf, detailValues, policiesFrom, policySpecs, policyValues } from './sessionForm';
import { Shell } from './Shell';
import { browserZone, formatSpan, proposedStart } from './time';
import type { EventPage as Event, Session } from './types';

function SessionCard({ session }: { session: Session }) {
  const time = formatSpan(session.starts_at, session.ends_at, language.value);
  return (
    <li class="card stack-s">
      <div class="spread">
        <h3><Link href={`/organize/sessions/${session.id}`}>{session.title}</Link></h3>
        <StateBadge state={session.state} />
      </div>
      <p class="row small muted">
        <span>{time || t('event.no_time')}</span>
        <span>{t('event.code')} <span class="code">{session.code}</span></span>
        <span>{t('session.questions', { n: session.questions })}</span>
      </p>
      <p class="row small">
        <Link href={`/organize/sessions/${session.id}/review`} aria-label={t('review.of', { title: session.title })}>{t('session.review')}</Link>
      </p>
    </li>
  );
}

function CreateSession({ event, onCancel }: { event: number; onCancel?: () => void }) {
  const policyPart = policySpecs(t);
  const [starts_at] = useState(() => proposedStart(Date.now()));
  const start = { title: '', description: '', starts_at, ends_at: starts_at + 3_600_000, timezone: browserZone() };
  const create = async (values: Record<string, string>) => {
    const made = await api<Session>('POST', `events/${event}/sessions`, { ...detailsOf(values), policies: policiesFrom(values) });
    navigate(`/organize/sessions/${made.id}`);
  };
  return (
    <Card title={t('event.create')}>
      <Form fields={[...detailFields, ...policyPart]} initial={{ ...detailValues(start), ...policyValues({}) }}
        check={checkDetails} submit="event.create_submit" onSubmit={create} onCancel={onCancel} draft={`session-of-${event}`}
        part={{ legend: 'session.policies', lead: 'session.policies_lead', from: policyPart[0]!.name }} />
    </Card>
  );
}

function EditEvent({ event, onDone }: { event: Event; onDone(changed: boolean): void }) {
  const save = async ({ title, description }: Record<string, string>) => {
    await api('PATCH', `events/${event.id}`, { title, description });
    showToast(t('saved'), { ms: 4000 });
    onDone(true);
  };
  return (
    <Card title={t('event.edit')}>
      <Form fields={eventFields} initial={{ title: event.title, description: event.description }} submit="save"
        draft={`event-${event.id}`} onSubmit={save} onCancel={() => onDone(false)} />
    </Card>
  );
}

function Sessions({ event, creating, onCreate, onCancel }: {
  event: Event; creating: boolean; onCreate(): void; onCancel(): void;
}) {
  const may = mayPlan(event.organization.id);
  const none = event.sessions.length === 0;
  const opener = useOpener(creating);
  return (
    <section class="stack">
      <div class="spread" ref={opener}>
        <h2>{t('event.sessions')}</h2>
        {may && !creating && !none && <Button kind="primary" onClick={onCreate}>{t('event.create')}</Button>}
      </div>
      {none && <Empty title={t('event.empty')}>{may && <p>{t('event.empty_next')}</p>}</Empty>}
      {may && (creating || none) && <CreateSession event={event.id} onCancel={none ? undefined : onCancel} />}
      <ul class="cards">{event.sessions.map((session) => <SessionCard key={session.id} session={session} />)}</ul>
    </section>
  );
}

function Body({ event, of }: { event: Event; of: Resource<Event> }) {
  const [open, setOpen] = useState<'edit' | 'create' | null>(null);
  const opener = useOpener(open === 'edit');
  const done = (changed: boolean) => {
    setOpen(null);
    if (changed) of.reload();
  };
  return (
    <>
      <div class="spread" ref={opener}>
        <h1>{event.title}</h1>
        {mayPlan(event.organization.id) && open !== 'edit' && <Button onClick={() => setOpen('edit')}>{t('event.edit')}</Button>}
      </div>
      {event.description && <p class="pre">{event.description}</p>}
      {open === 'edit' && <EditEvent event={event} onDone={done} />}
      <Sessions event={event} creating={open === 'create'} onCreate={() => setOpen('create')} onCancel={() => setOpen(null)} />
    </>
  );
}

export default function EventPage({ id }: PageProps) {
  const event = useResource<Event>(`events/${id}`);
  const title = event.data?.title ?? t('events');
  return (
    <Shell title={title} crumbs={[{ text: t('events'), href: '/organize' }, { text: event.data?.title ?? '…' }]}>
      <Loaded of={event}>{(data) => <Body event={data} of={event} />}</Loaded>
    </Shell>
  );
}
