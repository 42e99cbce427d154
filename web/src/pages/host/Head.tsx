// The top of the host's page: which session, its state and the steps from there, the figures, the rules at hand.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { formatNumber, language, t as common } from '../../i18n';
import { formatAgo } from '../../i18n/format';
import { t } from '../../i18n/host';
import type { InfoRecord, SessionState } from '../../net/protocol.gen';
import { stepsFor, type Step } from '../../organize/tables';
import { spelled } from '../../state/code';
import { policyOf } from '../../state/room';
import { Button } from '../../ui/Button';
import { copyText } from '../../ui/copy';
import { Confirm } from '../../ui/Dialog';
import { showToast } from '../../ui/Toast';
import { excerpt, longestWaiting } from './columns';
import type { Desk } from './desk';
import { Switches } from './Rules';
import './head.css';

const tones: Partial<Record<SessionState, string>> = { scheduled: 'accent', live: 'good', paused: 'warn' };

export function StateBadge({ state }: { state: SessionState }) {
  return <span class="badge" data-tone={tones[state]}>{common(`session.${state}`)}</span>;
}

function Steps({ desk, info }: { desk: Desk; info: InfoRecord }) {
  const asked = useSignal<Step | null>(null);
  const offered = stepsFor(desk.room.role.value, info.state, desk.questions.value.size);
  const go = (step: Step) => void desk.doing.state(step.to);
  const sure = asked.value && (asked.value.word === 'end' || asked.value.word === 'archive') ? asked.value.word : null;
  return (
    <div class="row" role="group" tabIndex={-1} aria-label={t('head.session')}>
      <StateBadge state={info.state} />
      {offered.map((step) => (
        <Button key={step.word} small kind={step.main ? 'primary' : undefined}
          onClick={() => { if (step.sure) asked.value = step; else go(step); }}>{t(`step.${step.word}`)}</Button>
      ))}
      {sure && (
        <Confirm title={t(`sure.${sure}`)} text={t(`sure.${sure}.text`)} action={t(`sure.${sure}.yes`)} danger
          onConfirm={() => go(asked.peek()!)} onClose={() => queueMicrotask(() => { asked.value = null; })} />
      )}
    </div>
  );
}

function Away({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="button" data-size="small" href={href} target="_blank" rel="noopener">
      {children} <span aria-hidden="true">↗</span><span class="sr-only">({t('head.new_window')})</span>
    </a>
  );
}

function Links({ desk, info }: { desk: Desk; info: InfoRecord }) {
  const url = `${location.origin}/s/${info.code}`;
  const copy = async () => {
    const copied = await copyText(url);
    showToast(copied ? t('head.copied') : t('head.copy_failed', { url }), { ms: copied ? 4000 : 20_000 });
  };
  return (
    <div class="row">
      <Button small onClick={() => void copy()}>{t('head.copy')}</Button>
      <Away href={`/s/${info.code}/stage`}>{t('head.stage')}</Away>
      <Away href={`/s/${info.code}/speaker`}>{t('head.speaker')}</Away>
      <Button small title={t('head.help_title')} aria-keyshortcuts="?" onClick={() => { desk.form.value = { kind: 'help' }; }}>{t('head.help')}</Button>
    </div>
  );
}

function percent(part: number, whole: number): string {
  if (whole === 0) return t('figure.none');
  return new Intl.NumberFormat(language.value, { style: 'percent' }).format(part / whole);
}

interface FiguresProps {
  wide: boolean;
  desk: Desk;
  info: InfoRecord;
  now: number;
  onReveal(question: number): void;
}

function Figures({ desk, info, now, wide, onReveal }: FiguresProps) {
  const { here, peak } = desk.room.state.value;
  const longest = longestWaiting(desk.questions.value);
  // On a small screen the tabs say it.
  const counts: readonly [string, string][] = [[t('figure.pending'), formatNumber(info.pending)], [t('figure.live'), formatNumber(info.live)]];
  const figures: readonly [string, string][] = [
    [t('figure.here'), peak === 0 ? t('figure.none') : formatNumber(here)],
    [t('figure.peak'), peak === 0 ? t('figure.none') : formatNumber(peak)],
    ...(wide ? counts : []),
    [t('figure.votes'), formatNumber(info.votes)],
    [t('figure.answered'), percent(info.answered, info.live + info.answered)],
  ];
  return (
    <dl class="host-figures">
      {figures.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}
      {longest && (
        <div class="host-longest">
          <dt>{t('figure.longest')}</dt>
          <dd>
            <button type="button" aria-label={t('figure.longest_go', { text: excerpt(longest.text) })} onClick={() => onReveal(longest.id)}>
              {formatAgo(longest.asked_at, now)}
            </button>
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What the state of the session means for the work here. */
export function Notice({ desk, info }: { desk: Desk; info: InfoRecord }) {
  const lead = desk.room.may('state');
  const texts = {
    draft: lead ? 'notice.draft' : 'notice.draft_moderator',
    scheduled: policyOf(info, 'ask_ahead') === 1 ? 'notice.scheduled_ahead' : 'notice.scheduled',
    live: null,
    paused: 'notice.paused',
    ended: 'notice.ended',
    archived: lead ? 'notice.archived_lead' : 'notice.archived',
  } as const;
  const text = texts[info.state];
  return text && <p class="note host-notice" data-tone={info.state === 'archived' ? undefined : 'warn'}>{t(text)}</p>;
}

interface HeadProps extends FiguresProps {
  children: ComponentChildren;
}

export function Head({ desk, info, now, wide, onReveal, children }: HeadProps) {
  const controls = (
    <>
      <Steps desk={desk} info={info} />
      <Switches desk={desk} />
      <Links desk={desk} info={info} />
    </>
  );
  const { value: mine } = desk.room.role;
  const role = <span class="small muted">{(mine === 'moderator' || mine === 'cohost' || mine === 'host') && t(`role.${mine}`)}</span>;
  return (
    <header class="host-head">
      <div class="host-title">
        <h1 dir="auto">{info.title}</h1>
        <span class="badge code" title={t('head.code')}><span class="sr-only">{t('head.code')} </span>{spelled(info.code)}</span>
        {!wide && <StateBadge state={info.state} />}
        {wide && role}
      </div>
      {wide ? <div class="host-controls">{controls}</div> : (
        <details class="host-fold host-disclosure"><summary>{t('head.controls')}</summary><div class="stack">{role}{controls}</div></details>
      )}
      <div class="host-figures-row">
        <Figures desk={desk} info={info} now={now} wide={wide} onReveal={onReveal} />
        {children}
      </div>
    </header>
  );
}
