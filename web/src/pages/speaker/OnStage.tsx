// What the speaker answers now, and the two ways to be done with it.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/hall';
import { policyOf } from '../../state/room';
import type { Room } from '../../state/store';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { QuestionText } from '../room/QuestionText';
import { weightOf } from '../stage/scene';
import { act, type Action } from './act';
import { aimMs } from './heldNext';

const hostsOnly = 2; // policy `names`
const shortText = 140;
const longText = 420;

function sizeOf(text: string): 'short' | 'middle' | 'long' {
  const weight = weightOf(text);
  return weight <= shortText ? 'short' : weight <= longText ? 'middle' : 'long';
}

function Nothing({ room }: { room: Room }) {
  const info = room.state.value.info!;
  const key = info.state === 'ended' || info.state === 'archived' ? 'ended'
    : !room.may('stage') ? 'lobby'
      : info.live > 0 ? 'choose' : policyOf(info, 'review') === 1 ? 'review' : 'wait';
  return (
    <div class="speaker-nothing">
      <h2 id="on-stage">{t('speaker.nothing')}</h2>
      <p class="muted">{t(`speaker.nothing.${key}`)}</p>
    </div>
  );
}

/** A tap right after a change was meant for what stood there before: for that moment the buttons wait. */
function useSettling(id: number | undefined): boolean {
  const settled = useSignal(id);
  useEffect(() => {
    const timer = setTimeout(() => { settled.value = id; }, aimMs);
    return () => clearTimeout(timer);
  }, [id]);
  return settled.value !== id;
}

export function OnStage({ room }: { room: Room }) {
  const question = room.onStage.value;
  const settling = useSettling(question?.id);
  const first = useRef(true);
  useEffect(() => {
    if (question && !first.current) announce(t('speaker.announce', { text: question.text }));
    first.current = false;
  }, [question?.id]);
  if (!question) {
    return <section class="speaker-now" aria-labelledby="on-stage" tabIndex={-1}><Nothing room={room} /></section>;
  }

  const busy = settling || room.isBusy(question.id);
  const doIt = (action: Action) => () => {
    if (!busy) void act(room, action, question);
  };
  const hidden = question.name && policyOf(room.state.value.info!, 'names') === hostsOnly;
  return (
    <section class="speaker-now card" aria-labelledby="on-stage" tabIndex={-1}>
      <h2 id="on-stage" class="speaker-label">{t('speaker.on_stage')}</h2>
      <div key={question.id} class="speaker-question" data-size={sizeOf(question.text)}>
        <QuestionText text={question.text} />
        <p class="speaker-meta">
          {question.name && <strong dir="auto">{question.name}</strong>}
          <span class="votes">{t('stage.votes', { n: question.votes })}</span>
        </p>
        {hidden && <p class="small muted">{t('speaker.name_hidden')}</p>}
        <div class="speaker-actions">
          {room.may('answered', question)
            && <Button kind="primary" aria-disabled={busy} onClick={doIt('answered')}>{t('speaker.answered')}</Button>}
          {room.may('unstage', question)
            && <Button aria-disabled={busy} onClick={doIt('unstage')}>{t('speaker.skip')}</Button>}
        </div>
        <p class="small muted">{t('speaker.skip.hint')}</p>
      </div>
    </section>
  );
}
