// The frame of the organizer's pages: the bar with the way home and the account, then the page.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/organize';
import { api } from '../net/api';
import { Button } from '../ui/Button';
import { Confirm, Dialog } from '../ui/Dialog';
import { Frame } from '../ui/Frame';
import { Link } from '../ui/router';
import { showToast } from '../ui/Toast';
import { Form } from './Form';
import { me, signOut } from './me';
import { Path, say, type Crumb } from './parts';
import { useLightPrint } from './print';
import { problemOf, type FieldSpec } from './problems';
import type { Me } from './types';

const passwordFields: readonly FieldSpec[] = [
  { name: 'current', kind: 'password', label: 'field.current', min: 1, max: 256, autocomplete: 'current-password' },
  { name: 'password', kind: 'password', label: 'field.new_password', hint: 'field.password_hint', min: 8, max: 256, autocomplete: 'new-password' },
];

function PasswordDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={t('account.password')} onClose={onClose}>
      <Form fields={passwordFields} initial={{ current: '', password: '' }} submit="account.password" onCancel={onClose}
        problems={{ wrong_password: 'error.wrong_current' }}
        onSubmit={async ({ current, password }) => {
          await api('POST', 'password', { current, password });
          showToast(t('account.password_done'));
          onClose();
        }} />
    </Dialog>
  );
}

/** An open menu closes on Escape and on a click elsewhere. */
function useClosing(details: { current: HTMLDetailsElement | null }) {
  useEffect(() => {
    const close = (event: Event) => {
      const menu = details.current;
      if (!menu?.open) return;
      const escape = event instanceof KeyboardEvent && event.key === 'Escape';
      const elsewhere = event instanceof MouseEvent && !menu.contains(event.target as Node);
      if (escape || elsewhere) menu.open = false;
      if (escape) menu.querySelector('summary')?.focus();
    };
    document.addEventListener('keydown', close);
    document.addEventListener('click', close);
    return () => {
      document.removeEventListener('keydown', close);
      document.removeEventListener('click', close);
    };
  }, []);
}

function AccountMenu({ account }: { account: Me }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [asking, setAsking] = useState<'password' | 'everywhere' | null>(null);
  useClosing(menu);
  const choose = (what: typeof asking) => {
    menu.current!.open = false;
    setAsking(what);
  };
  const leave = (path: 'sign-out' | 'sign-out-everywhere') => {
    signOut(path).catch((error: unknown) => showToast(say(problemOf(error))));
  };
  return (
    <>
      <details class="account" ref={menu}>
        <summary class="button" data-size="small" aria-label={t('account.menu', { name: account.name })}>{account.name}</summary>
        <div class="account-menu card stack-s">
          <p class="small muted">{account.email}</p>
          <Button kind="plain" onClick={() => choose('password')}>{t('account.password')}</Button>
          <Button kind="plain" onClick={() => leave('sign-out')}>{t('account.sign_out')}</Button>
          <Button kind="plain" onClick={() => choose('everywhere')}>{t('account.sign_out_everywhere')}</Button>
        </div>
      </details>
      {asking === 'password' && <PasswordDialog onClose={() => setAsking(null)} />}
      {asking === 'everywhere' && (
        <Confirm title={t('account.sign_out_everywhere')} text={t('account.everywhere_sure')} action={t('account.sign_out')} danger
          onConfirm={() => leave('sign-out-everywhere')} onClose={() => setAsking(null)} />
      )}
    </>
  );
}

function Bar() {
  return (
    <header class="bar spread">
      <Link href="/organize" class="bar-home">{t('title')}</Link>
      {me.value && <AccountMenu account={me.value} />}
    </header>
  );
}

interface ShellProps {
  title: string;
  crumbs?: readonly Crumb[];
  children: ComponentChildren;
}

export function Shell({ title, crumbs, children }: ShellProps) {
  useLightPrint();
  return (
    <Frame title={title} head={<Bar />} wide>
      <div class="organize stack">
        {crumbs && <Path crumbs={crumbs} />}
        {children}
      </div>
    </Frame>
  );
}
