// The questions that wait, most votes first; one tap puts one on stage.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { t, type HallKey } from '../../i18n/hall';
import type { QuestionRecord } from '../../net/protocol.gen';
import { listOf } from '../../state/room';
import type { Room } from '../../state/store';
import { Button } from '../../ui/Button';
import { QuestionText } from '../room/QuestionText';
import { act } from './act';
import { useHeldNext, type HeldNext } from './heldNext';

const portion = 20;

interface RowProps {
  room: Room;
  question: QuestionRecord;
  busy: boolean;
  onPut(): void;
}

function Row({ room, question, busy, onPut }: RowProps) {
  const waits = question.state === 'live';
  const other: HallKey = question.state === 'stage' ? 'speaker.state.stage'
    : question.state === 'answered' ? 'speaker.state.answered' : 'speaker.state.other';
  return (
    <li class="speaker-row" data-left={!waits || undefined} tabIndex={-1}>
      <QuestionText text={question.text} />
      <p class="speaker-meta small">
        {question.name && <span dir="auto">{question.name}</span>}
        <span class="votes">{t('stage.votes', { n: question.votes })}</span>
      </p>
      {!waits && <span class="badge">{t(other)}</span>}
      {waits && room.may('stage', question) && (
        <Button aria-disabled={busy} aria-label={t('speaker.put.of', { text: question.text })}
          onClick={() => { if (!busy) onPut(); }}>{t('speaker.put')}</Button>
      )}
    </li>
  );
}

function Renew({ held, onRenew }: { held: HeldNext; onRenew(): void }) {
  const news = [
    held.fresh > 0 && t('speaker.fresh', { n: held.fresh }),
    held.moved > 0 && t('speaker.moved', { n: held.moved }),
    held.left > 0 && t('speaker.gone', { n: held.left }),
  ].filter(Boolean);
  if (news.length === 0) return null;
  return (
    <Button class="speaker-renew" title={t('speaker.renew')} onClick={onRenew}>
      <span aria-hidden="true">↻</span> {news.join(' · ')} <span class="sr-only">{t('speaker.renew')}</span>
    </Button>
  );
}

export function NextList({ room }: { room: Room }) {
  const section = useRef<HTMLElement>(null);
  const limit = useSignal(portion);
  const target = listOf(room.all.value, 'popular');
  const list = useRef<HTMLOListElement>(null);
  const held = useHeldNext(target, room.all.value, () => list.current?.contains(document.activeElement) ?? false);
  const { state } = room.state.value.info!;
  const over = state === 'ended' || state === 'archived';
  const shown = held.rows.slice(0, limit.value);
  const rest = held.rows.length - shown.length;
  // With the question on stage the whole page moves: the list may as well come right.
  const onStage = room.onStage.value?.id;
  useEffect(() => held.settle(), [onStage]);
  const renew = () => {
    held.apply();
    section.current?.focus({ preventScroll: true });
  };
  const put = async (question: QuestionRecord) => {
    if (!(await act(room, 'stage', question))) return;
    document.querySelector<HTMLElement>('.speaker-now')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  return (
    <section class="speaker-next" aria-labelledby="next" tabIndex={-1} ref={section}>
      <div class="speaker-next-head">
        <h2 id="next">{t(over ? 'speaker.next.ended' : 'speaker.next')} <span class="tab-count">{formatNumber(target.length)}</span></h2>
        <Renew held={held} onRenew={renew} />
      </div>
      {shown.length === 0 && <p class="muted">{t('speaker.next.none')}</p>}
      <ol class="speaker-rows" ref={list}>
        {shown.map((question) => (
          <Row key={question.id} room={room} question={question} busy={held.settling || room.isBusy(question.id)}
            onPut={() => void put(question)} />
        ))}
      </ol>
      {rest > 0 && <Button onClick={() => { limit.value += portion; }}>{t('speaker.show_rest', { n: Math.min(rest, portion) })}</Button>}
    </section>
  );
}
