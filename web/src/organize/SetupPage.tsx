// The first account, from the link that the server printed.
import { t } from '../i18n/organize';
import { api } from '../net/api';
import { Link, navigate } from '../ui/router';
import { Form } from './Form';
import type { PageProps } from './index';
import { me } from './me';
import type { FieldSpec } from './problems';
import { Loaded, useResource } from './resource';
import { Shell } from './Shell';
import type { Me } from './types';

const fields: readonly FieldSpec[] = [
  { name: 'name', kind: 'text', label: 'field.name', min: 1, max: 100, autocomplete: 'name' },
  { name: 'email', kind: 'email', label: 'field.email', min: 3, max: 254, autocomplete: 'username' },
  { name: 'password', kind: 'password', label: 'field.password', hint: 'field.password_hint', min: 8, max: 256, autocomplete: 'new-password' },
  { name: 'organization', kind: 'text', label: 'field.organization', hint: 'field.organization_hint', min: 1, max: 200, autocomplete: 'organization' },
];

function FirstAccount({ token }: { token: string }) {
  const make = async ({ name, email, password, organization }: Record<string, string>) => {
    me.value = await api<Me>('POST', 'setup', { token, name, email: email!.trim(), password, organization });
    navigate('/organize', { replace: true });
  };
  return (
    <section class="card stack narrow">
      <h1>{t('setup.title')}</h1>
      <p class="muted">{t('setup.lead')}</p>
      <Form fields={fields} initial={{}} submit="setup.submit" working="setup.working" onSubmit={make}
        problems={{ conflict: 'error.email_taken', not_found: 'setup.invalid' }} />
    </section>
  );
}

export default function SetupPage({ id: token }: PageProps) {
  const link = useResource<{ valid: true }>(`setup/${token}`);
  return (
    <Shell title={t('setup.title')}>
      {link.error?.status === 404 ? (
        <div class="empty">
          <h1>{t('setup.invalid')}</h1>
          <p>{t('setup.invalid_next')}</p>
          <Link href="/sign-in">{t('sign_in.title')}</Link>
        </div>
      ) : <Loaded of={link}>{() => <FirstAccount token={token} />}</Loaded>}
    </Shell>
  );
}
