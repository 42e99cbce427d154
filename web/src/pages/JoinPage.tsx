// The start page: one box for the code. It is read as typed, so that Enter only has to go.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { formatDateTime } from '../i18n/format';
import { api, ApiError } from '../net/api';
import type { SessionState } from '../net/protocol.gen';
import { readCode, spelled, type ReadCode } from '../state/code';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Frame } from '../ui/Frame';
import { Link, navigate } from '../ui/router';
import './join.css';

interface Found {
  code: string;
  title: string;
  event: string;
  state: SessionState;
  starts_at: number | null;
}

type Lookup = { kind: 'none' } | { kind: 'asking' } | { kind: 'found'; session: Found } | { kind: 'failed'; error: string };

const pauseMs = 150;
/** The server's word for: there is no session with this code. */
const noSession = 'no_session';

function problemOf(read: ReadCode, lookup: Lookup, submitted: boolean): string | null {
  if (read.kind === 'strange') return t('join.strange', { character: read.character });
  if (read.kind === 'long') return t('join.long');
  if (submitted && read.kind === 'empty') return t('join.empty');
  if (submitted && read.kind === 'part') return t('join.part', { n: read.missing });
  if (lookup.kind !== 'failed' || read.kind !== 'whole') return null;
  if (lookup.error === noSession) return t('join.unknown', { code: spelled(read.code) });
  return t(lookup.error === 'too_many_tries' ? 'join.tries' : 'join.failed');
}

export default function JoinPage() {
  const typed = useSignal('');
  const lookup = useSignal<Lookup>({ kind: 'none' });
  const submitted = useSignal(false);
  const goWhenFound = useRef(false);
  const read = readCode(typed.value);
  const code = read.kind === 'whole' ? read.code : null;

  useEffect(() => {
    lookup.value = { kind: code ? 'asking' : 'none' };
    if (!code) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api<Found>('GET', `join/${code}`, undefined, abort.signal)
        .then((session) => {
          lookup.value = { kind: 'found', session };
          if (goWhenFound.current) navigate(`/s/${session.code}`);
        })
        .catch((error: unknown) => {
          if (!abort.signal.aborted) lookup.value = { kind: 'failed', error: error instanceof ApiError ? error.error : 'internal' };
        });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [code]);

  const onSubmit = (event: Event) => {
    event.preventDefault();
    submitted.value = true;
    if (lookup.value.kind === 'found') navigate(`/s/${lookup.value.session.code}`);
    else if (lookup.value.kind === 'failed' && lookup.value.error !== noSession && code) navigate(`/s/${code}`);
    else goWhenFound.current = true;
  };
  const onInput = (event: Event) => {
    submitted.value = false;
    goWhenFound.current = false;
    typed.value = (event.currentTarget as HTMLInputElement).value;
  };

  const found = lookup.value.kind === 'found' ? lookup.value.session : null;
  return (
    <Frame title={t('join.title')}>
      <div class="join">
        <div class="join-brand" aria-hidden="true"><img src="/icon.svg" alt="" width="56" height="56" /></div>
        <h1>{t('join.title')}</h1>
        <form class="card stack" onSubmit={onSubmit} noValidate>
          <Field label={t('join.code')} hint={t('join.hint')} error={problemOf(read, lookup.value, submitted.value)}
            class="input join-input" name="code" value={typed.value} onInput={onInput} autocomplete="off" autocapitalize="characters"
            spellcheck={false} enterkeyhint="go" inputMode="text" autoFocus />
          <div role="status">
            {found && (
              <div class="join-found">
                <strong dir="auto">{found.title}</strong>
                <span class="small muted" dir="auto">{found.event}</span>
                <span class="badge" data-tone={found.state === 'live' ? 'good' : undefined}>
                  {found.state === 'scheduled' && found.starts_at
                    ? t('join.starts', { time: formatDateTime(found.starts_at) }) : t(`session.${found.state}`)}
                </span>
              </div>
            )}
          </div>
          <Button kind="primary" type="submit">{lookup.value.kind === 'asking' ? t('join.looking') : t('join.go')}</Button>
        </form>
        <p class="small muted">{t('join.organizer')} <Link href="/organize">{t('join.organizer.link')}</Link></p>
      </div>
    </Frame>
  );
}
