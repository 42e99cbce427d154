// Role links of a session: who has one gets its role without an account. The address is known only at the moment it is made.
import { useEffect, useRef, useState } from 'preact/hooks';
import { language } from '../i18n';
import { t } from '../i18n/organize';
import { api } from '../net/api';
import { Button } from '../ui/Button';
import { Confirm } from '../ui/Dialog';
import { showToast } from '../ui/Toast';
import { Form } from './Form';
import { mayPlan } from './me';
import { Card, CopyButton, say } from './parts';
import { problemOf, type FieldSpec, type Values } from './problems';
import { Loaded, useResource } from './resource';
import { linkDays, linkRoles, linkState } from './tables';
import { formatTime } from './time';
import type { RoleLink, Session } from './types';

function fieldsOf(): readonly FieldSpec[] {
  const days = linkDays.map((n) => ({ value: String(n), label: n ? t('links.days', { n }) : t('links.days_none') }));
  return [
    { name: 'role', kind: 'select', label: 'field.role', options: linkRoles.map((role) => ({ value: role, label: t(`role_text.${role}`) })) },
    { name: 'label', kind: 'text', label: 'field.label', hint: 'field.label_hint', max: 100 },
    { name: 'days', kind: 'select', label: 'field.days', options: days },
  ];
}

function nameOf({ role, label }: RoleLink): string {
  return label ? t('links.once_for', { role: t(`role.${role}`), label }) : t('links.once_plain', { role: t(`role.${role}`) });
}

/** The new link, until the reader says that it is in good hands. */
function Once({ link, onSeen }: { link: RoleLink; onSeen(): void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [link.id]);
  return (
    <div class="note stack-s" data-tone="good" ref={box} tabIndex={-1} role="group" aria-label={nameOf(link)}>
      <p><strong>{nameOf(link)}</strong></p>
      <p>{t('links.once')}</p>
      <p class="address">{link.url}</p>
      <div class="row">
        <CopyButton text={link.url!} />
        <Button small onClick={onSeen}>{t('links.seen')}</Button>
      </div>
    </div>
  );
}

const tones = { active: 'good', expired: undefined, revoked: undefined } as const;

interface RowProps {
  link: RoleLink;
  now: number;
  onRevoke?: () => void;
}

function Row({ link, now, onRevoke }: RowProps) {
  const { role, label, created_at, expires_at } = link;
  const state = linkState(link, now);
  const time = (ms: number) => formatTime(ms, language.value);
  return (
    <li class="page-row">
      <div>
        <div class="row">
          <h3>{nameOf(link)}</h3>
          <span class="badge" data-tone={tones[state]}>{t(`links.${state}`)}</span>
        </div>
        <p class="small muted">
          {t('links.created', { time: time(created_at) })}
          {' · '}
          {expires_at === null ? t('links.never') : t('links.expires', { time: time(expires_at) })}
        </p>
      </div>
      {onRevoke && state === 'active' && (
        <Button small kind="danger" aria-label={t('links.revoke_of', { role: t(`role.${role}`), label })} onClick={onRevoke}>{t('links.revoke')}</Button>
      )}
    </li>
  );
}

export function RoleLinks({ session }: { session: Session }) {
  const links = useResource<RoleLink[]>(`sessions/${session.id}/links`);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<RoleLink | null>(null);
  const [revoking, setRevoking] = useState<RoleLink | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const may = mayPlan(session.organization.id);
  const create = async ({ role, label, days }: Values) => {
    setMade(await api<RoleLink>('POST', `sessions/${session.id}/links`, { role, label: label!.trim(), days: Number(days) || null }));
    setCreating(false);
    links.reload();
  };
  const revoke = (link: RoleLink) => {
    api('DELETE', `links/${link.id}`).then(() => {
      showToast(t('links.revoke_done'), { ms: 4000 });
      if (made?.id === link.id) setMade(null);
      heading.current?.focus(); // its button goes
      links.reload();
    }, (error: unknown) => showToast(say(problemOf(error))));
  };
  const toHeading = () => heading.current?.focus();
  return (
    <Card title={t('links.title')} lead={t('links.lead')} focus={heading}
      actions={may && !creating && <Button small onClick={() => setCreating(true)}>{t('links.create')}</Button>}>
      {made && <Once link={made} onSeen={() => { setMade(null); toHeading(); }} />}
      {creating && <Form fields={fieldsOf()} initial={{ role: linkRoles[0]!, label: '', days: '30' }} submit="links.create_submit"
        onSubmit={create} onCancel={() => { setCreating(false); toHeading(); }} />}
      <Loaded of={links}>
        {(list) => list.length === 0 ? <p class="muted">{t(may ? 'links.empty' : 'links.none')}</p> : (
          <ul class="page-rows" aria-label={t('links.list')}>
            {list.map((link) => <Row key={link.id} link={link} now={links.at} onRevoke={may ? () => setRevoking(link) : undefined} />)}
          </ul>
        )}
      </Loaded>
      {revoking && <Confirm title={t('links.revoke')} text={t('links.revoke_sure')} action={t('links.revoke')} danger
        onConfirm={() => revoke(revoking)} onClose={() => setRevoking(null)} />}
    </Card>
  );
}
