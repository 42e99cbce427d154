// One question as the host sees it. The card itself takes the focus; its common actions are in sight, the others one step
// away, and all of them on keys.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { formatAgo, formatDateTime } from '../../i18n/format';
import { t, type HostKey } from '../../i18n/host';
import type { QuestionRecord, QuestionState } from '../../net/protocol.gen';
import { Button } from '../../ui/Button';
import { QuestionText } from '../room/QuestionText';
import type { ActionRow } from './actions';
import type { Desk } from './desk';
import './card.css';

function labelOf(row: ActionRow, question: QuestionRecord): HostKey {
  if (row.word === 'reply' && question.reply) return 'action.reply_edit';
  return row.needs === 'unstage' ? 'action.unstage' : `action.${row.word}`;
}

const first: Partial<Record<QuestionState, ActionRow['word']>> = { pending: 'approve', live: 'stage', stage: 'answered' };

interface ActionProps {
  desk: Desk;
  row: ActionRow;
  question: QuestionRecord;
  /** The one that is meant most of the time. */
  lead: boolean;
}

function Action({ desk, row, question, lead }: ActionProps) {
  const label = t(labelOf(row, question));
  const key = row.key.toUpperCase();
  return (
    <Button small class={lead ? 'host-lead' : undefined} kind={lead && question.state === 'stage' ? 'primary' : undefined}
      title={t('action.title', { action: label, key })} aria-keyshortcuts={key} onClick={() => desk.act(question.id, row.word)}>
      {label}
    </Button>
  );
}

function Actions({ desk, question }: { desk: Desk; question: QuestionRecord }) {
  const open = useSignal(false);
  const id = useId();
  const rows = desk.actions(question);
  if (rows.length === 0) return null;
  const main = rows.filter(({ main }) => main.includes(question.state));
  const others = rows.filter((row) => !main.includes(row));
  const isOpen = question.state === 'live' || question.state === 'pending';
  const lead = rows.find(({ word }) => word === first[question.state])?.word ?? (isOpen ? 'reply' : null);
  const draw = (row: ActionRow) => <Action key={row.word} desk={desk} row={row} question={question} lead={row.word === lead} />;
  return (
    <div class="host-actions" role="group" aria-label={t('card.actions')}>
      {main.map(draw)}
      {others.length > 0 && (
        <Button small kind="plain" class="host-more" aria-label={t('card.more')} title={t('card.more')} aria-expanded={open.value}
          aria-controls={open.value ? id : undefined} onClick={() => { open.value = !open.value; }}>⋯</Button>
      )}
      {open.value && others.length > 0 && <div id={id} class="host-others">{others.map(draw)}</div>}
    </div>
  );
}

const tones: Partial<Record<QuestionState, string>> = { answered: 'good', rejected: 'bad', stage: 'accent' };

function Marks({ desk, question, now, same }: { desk: Desk; question: QuestionRecord; now: number; same: number }) {
  const { state } = question;
  const since = state === 'pending' || state === 'live' ? question.asked_at : question.state_at;
  const showsState = state !== 'pending' && state !== 'live' && state !== 'stage';
  const showAsker = () => { desk.asker.value = desk.asker.peek() === question.asker ? 0 : question.asker; };
  return (
    <div class="host-marks small">
      {state !== 'pending' && (
        <span class="host-votes" title={t('card.votes', { n: question.votes })}>
          <span aria-hidden="true">▲ {formatNumber(question.votes)}</span>
          <span class="sr-only">{t('card.votes', { n: question.votes })}</span>
        </span>
      )}
      {showsState && <span class="badge" data-tone={tones[state]}>{t(`question.${state}`)}</span>}
      <span class="host-name" dir="auto">{question.name || t('card.anonymous')}</span>
      <time class="muted" dateTime={new Date(since).toISOString()} title={t('card.asked', { time: formatDateTime(question.asked_at) })}>
        {formatAgo(since, now)}
      </time>
      {question.edited && <span class="badge">{t('card.edited')}</span>}
      {same > 1 && (
        <button type="button" class="badge host-same" aria-pressed={desk.asker.value === question.asker} onClick={showAsker}>
          {t('card.same', { n: same })}
        </button>
      )}
    </div>
  );
}

function Fate({ question }: { question: QuestionRecord }) {
  return (
    <>
      {question.state === 'rejected' && (question.reason !== 'none' || question.note) && (
        <p class="small muted">
          {question.reason !== 'none' && t(question.reason === 'other' ? 'reason.other_short' : `reason.${question.reason}`)}
          {question.reason !== 'none' && question.note && ' · '}
          {question.note && <span dir="auto">{t('card.note', { note: question.note })}</span>}
        </p>
      )}
      {question.reply && (
        <div class="answer">
          <span class="small muted">{t(question.reply_private ? 'card.reply_private' : 'card.reply')}</span>
          <QuestionText text={question.reply} />
        </div>
      )}
      {question.original && question.original !== question.text && (
        <details class="small host-disclosure">
          <summary>{t('card.original')}</summary>
          <QuestionText text={question.original} plain />
        </details>
      )}
    </>
  );
}

export interface CardProps {
  desk: Desk;
  question: QuestionRecord;
  now: number;
  /** How many questions this person has asked. */
  same: number;
  /** Reached with Tab; the others with the keys. */
  entry: boolean;
  /** undefined: cannot be picked. */
  picked?: boolean;
}

export function Card({ desk, question, now, same, entry, picked }: CardProps) {
  const id = `q${question.id}`;
  const busy = desk.room.isBusy(question.id);
  return (
    <li>
      <article class="card host-card" data-question={question.id} data-state={question.state} data-busy={busy || undefined}
        data-picked={picked || undefined} tabIndex={entry ? 0 : -1} aria-labelledby={`${id}-text`}>
        <div class="host-card-top">
          {picked !== undefined && (
            <label class="host-pick">
              <input type="checkbox" checked={picked} aria-label={t('pick.one')} aria-describedby={`${id}-text`}
                onChange={(event) => desk.pick([question.id], event.currentTarget.checked)} />
            </label>
          )}
          <Marks desk={desk} question={question} now={now} same={same} />
        </div>
        <div id={`${id}-text`} class="host-text"><QuestionText text={question.text} /></div>
        <Fate question={question} />
        <Actions desk={desk} question={question} />
        {busy && <span class="host-busy small muted">{t('card.busy')}</span>}
      </article>
    </li>
  );
}
