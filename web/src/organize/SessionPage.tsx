// One session: its state and code, its pages, who else may run it, and what it is and allows.
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/organize';
import { Link } from '../ui/router';
import { showToast } from '../ui/Toast';
import { Form } from './Form';
import type { PageProps } from './index';
import { PagesCard } from './PagesCard';
import { Card } from './parts';
import { wasHeard } from './problems';
import { Loaded, useResource, type Resource } from './resource';
import { RoleLinks } from './RoleLinks';
import { sendCommand } from './command';
import { changedDetails, checkDetails, detailFields, detailsOf, detailValues, policiesFrom, policySpecs, policyValues } from './sessionForm';
import { Shell } from './Shell';
import { StateCard } from './StateCard';
import { changedPolicies, mayDo } from './tables';
import type { Session } from './types';

interface PartProps {
  session: Session;
  of: Resource<Session>;
}

/** Shows the session as it is after the commands, refused or not: a part may be stored, or somebody else was faster. */
async function sendThen(of: Resource<Session>, send: () => Promise<void>): Promise<void> {
  try {
    await send();
    of.reload();
  } catch (error) {
    if (wasHeard(error)) of.reload();
    throw error;
  }
}

function Details({ session, of }: PartProps) {
  const save = async (values: Record<string, string>) => {
    const details = changedDetails(session, detailsOf(values));
    if (!details) return void showToast(t('session.unchanged'), { ms: 4000 });
    const { starts_at, ends_at } = details;
    await sendThen(of, () => sendCommand(session.id, { type: 'details', ...details, starts_at: starts_at ?? 0, ends_at: ends_at ?? 0 }));
    showToast(t('saved'), { ms: 4000 });
  };
  return (
    <Card title={t('session.details')}>
      <Form fields={detailFields} initial={detailValues(session)} check={checkDetails} submit="save" onSubmit={save}
        draft={`details-${session.id}`} />
    </Card>
  );
}

function Policies({ session, of }: PartProps) {
  const save = async (values: Record<string, string>) => {
    const changed = changedPolicies(session.policies, policiesFrom(values));
    if (changed.length === 0) return void showToast(t('session.unchanged'), { ms: 4000 });
    await sendThen(of, async () => {
      for (const [policy, value] of changed) await sendCommand(session.id, { type: 'policy', policy, value });
    });
    showToast(t('session.policies_saved', { n: changed.length }), { ms: 4000 });
  };
  return (
    <Card title={t('session.policies')} lead={t('session.policies_lead')}>
      <Form fields={policySpecs(t)} initial={policyValues(session.policies)} submit="save" onSubmit={save} draft={`rules-${session.id}`} />
    </Card>
  );
}

/** Says why there is less to do here than elsewhere. */
function Limits({ session }: { session: Session }) {
  const { role, state } = session;
  if (state === 'archived') return <p class="note" data-tone="warn">{t(mayDo('state', role, state) ? 'session.locked' : 'session.locked_view')}</p>;
  return mayDo('policy', role, state) ? null : <p class="note">{t('session.view_only')}</p>;
}

/** Others change the session too: coming back to the page shows how it is now. */
function useFreshness(of: Resource<Session>) {
  const latest = useRef(of);
  latest.current = of;
  useEffect(() => {
    const look = () => {
      const { at, loading, reload } = latest.current;
      if (document.visibilityState === 'visible' && !loading && Date.now() - at > 3000) reload();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
}

function Body({ session, of }: PartProps) {
  const { role, state } = session;
  return (
    <>
      <div class="spread">
        <h1>{session.title}</h1>
        <Link class="button" href={`/organize/sessions/${session.id}/review`}>{t('session.review')}</Link>
      </div>
      {session.description && !mayDo('details', role, state) && <p class="pre">{session.description}</p>}
      <Limits session={session} />
      <div class="columns">
        <div class="stack">
          <StateCard session={session} of={of} />
          <PagesCard session={session} />
          <RoleLinks session={session} />
        </div>
        {mayDo('policy', role, state) && (
          <div class="stack">
            {mayDo('details', role, state) && <Details session={session} of={of} />}
            <Policies session={session} of={of} />
          </div>
        )}
      </div>
    </>
  );
}

export default function SessionPage({ id }: PageProps) {
  const session = useResource<Session>(`sessions/${id}`);
  useFreshness(session);
  const { data } = session;
  const crumbs = [
    { text: t('events'), href: '/organize' },
    ...(data ? [{ text: data.event.title, href: `/organize/events/${data.event.id}` }] : []),
    { text: data?.title ?? '…' },
  ];
  return (
    <Shell title={data?.title ?? t('session')} crumbs={crumbs}>
      <Loaded of={session}>{(found) => <Body session={found} of={session} />}</Loaded>
    </Shell>
  );
}
