// Signing in, and on to where the reader wanted to go.
import { t } from '../i18n/organize';
import { api } from '../net/api';
import { Link, address, navigate } from '../ui/router';
import { Form } from './Form';
import { me } from './me';
import { safeNext, type FieldSpec } from './problems';
import { Shell } from './Shell';
import type { Me } from './types';

const fields: readonly FieldSpec[] = [
  { name: 'email', kind: 'email', label: 'field.email', min: 1, max: 254, autocomplete: 'username' },
  { name: 'password', kind: 'password', label: 'field.password', min: 1, max: 256, autocomplete: 'current-password' },
];

export default function SignInPage() {
  const { search } = address.value;
  const signIn = async ({ email, password }: Record<string, string>) => {
    me.value = await api<Me>('POST', 'sign-in', { email: email!.trim(), password });
    navigate(safeNext(search), { replace: true });
  };
  return (
    <Shell title={t('sign_in.title')}>
      <section class="card stack narrow">
        <h1>{t('sign_in.title')}</h1>
        <p class="muted">{t(search ? 'sign_in.again' : 'sign_in.lead')}</p>
        <Form fields={fields} initial={{ email: '', password: '' }} submit="sign_in.submit" working="sign_in.working" onSubmit={signIn} />
        <Link href="/">{t('sign_in.join')}</Link>
      </section>
    </Shell>
  );
}
