// All events of the reader's organizations, and how to make one.
import { useState } from 'preact/hooks';
import { t } from '../i18n/organize';
import { api } from '../net/api';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Link, navigate } from '../ui/router';
import { Form } from './Form';
import { mayPlan, me } from './me';
import { Card, useOpener } from './parts';
import type { FieldSpec } from './problems';
import { Loaded, useResource } from './resource';
import { Shell } from './Shell';
import type { EventRow, Named } from './types';

export const eventFields: readonly FieldSpec[] = [
  { name: 'title', kind: 'text', label: 'field.title', min: 1, max: 200 },
  { name: 'description', kind: 'long', label: 'field.description', max: 5000 },
];

function CreateEvent({ organizations, onCancel }: { organizations: readonly Named[]; onCancel?: () => void }) {
  const choice: FieldSpec = {
    name: 'organization', kind: 'select', label: 'field.organization',
    options: organizations.map(({ id, name }) => ({ value: String(id), label: name })),
  };
  const create = async ({ organization, title, description }: Record<string, string>) => {
    const made = await api<EventRow>('POST', 'events', { organization: Number(organization), title, description });
    navigate(`/organize/events/${made.id}`);
  };
  return (
    <Card title={t('events.create')}>
      <Form fields={organizations.length > 1 ? [choice, ...eventFields] : eventFields} submit="events.create_submit"
        initial={{ organization: String(organizations[0]!.id), title: '', description: '' }} onSubmit={create} onCancel={onCancel}
        draft="event" />
    </Card>
  );
}

function EventCard({ event, withOrganization }: { event: EventRow; withOrganization: boolean }) {
  return (
    <li class="card stack-s">
      <h2><Link href={`/organize/events/${event.id}`}>{event.title}</Link></h2>
      {event.description && <p class="clamp">{event.description}</p>}
      <p class="row small muted">
        {withOrganization && <span>{event.organization.name}</span>}
        <span>{t('events.sessions', { n: event.sessions })}</span>
      </p>
    </li>
  );
}

function Nothing() {
  const { organizations } = me.value!;
  const may = organizations.some(({ id }) => mayPlan(id));
  const text = organizations.length === 0 ? 'events.no_organization' : may ? 'events.empty_next' : 'events.read_only';
  return <Empty title={t('events.empty')}><p>{t(text)}</p></Empty>;
}

export default function EventsPage() {
  const events = useResource<EventRow[]>('events');
  const [creating, setCreating] = useState(false);
  const { organizations } = me.value!;
  const mine = organizations.filter(({ id }) => mayPlan(id));
  const opener = useOpener(creating);
  return (
    <Shell title={t('events')}>
      <div class="spread" ref={opener}>
        <h1>{t('events')}</h1>
        {mine.length > 0 && !creating && events.data && events.data.length > 0 &&
          <Button kind="primary" onClick={() => setCreating(true)}>{t('events.create')}</Button>}
      </div>
      {creating && <CreateEvent organizations={mine} onCancel={() => setCreating(false)} />}
      <Loaded of={events}>
        {(list) => list.length === 0 ? (
          <>
            <Nothing />
            {mine.length > 0 && !creating && <CreateEvent organizations={mine} />}
          </>
        ) : (
          <ul class="cards">
            {list.map((event) => <EventCard key={event.id} event={event} withOrganization={organizations.length > 1} />)}
          </ul>
        )}
      </Loaded>
    </Shell>
  );
}
