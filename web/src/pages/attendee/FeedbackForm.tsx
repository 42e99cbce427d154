// After the end: stars, would you recommend it, words. Nothing is required but that there is something; it may be changed
// until feedback closes, and what is typed is kept until the server has it.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { FeedbackRecord } from '../../net/protocol.gen';
import { policyOf } from '../../state/room';
import type { Room } from '../../state/store';
import { useKeptText } from '../../state/use';
import { Button } from '../../ui/Button';
import { Field, TextArea } from '../../ui/Field';
import { QuestionText } from '../room/QuestionText';
import { refusalText } from '../room/words';
import { feedbackMax, isEmpty, isSame, noFeedback, readDraft, toSend } from './feedback';
import { nameMax } from './gates';
import { Rating } from './Rating';
import { lengthOf } from './text';
import './FeedbackForm.css';

const starValues = [1, 2, 3, 4, 5];
const scaleValues = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

function Given({ given, onChange }: { given: FeedbackRecord; onChange?: () => void }) {
  return (
    <>
      <ul class="small">
        {given.stars > 0 && <li>{t('feedback.given.stars', { n: given.stars })}</li>}
        {given.recommend >= 0 && <li>{t('feedback.given.recommend', { n: given.recommend })}</li>}
      </ul>
      {given.text && <QuestionText text={given.text} plain />}
      {given.name && <p class="small muted" dir="auto">{given.name}</p>}
      {onChange && <div><Button onClick={onChange}>{t('feedback.change')}</Button></div>}
    </>
  );
}

function problemOf(draft: FeedbackRecord): string | null {
  if (isEmpty(draft)) return t('feedback.empty');
  if (lengthOf(draft.text) > feedbackMax) return t('feedback.text.long', { n: feedbackMax });
  return lengthOf(draft.name) > nameMax ? t('feedback.name.long', { n: nameMax }) : null;
}

interface FormProps {
  room: Room;
  draft: FeedbackRecord;
  onDraft(draft: FeedbackRecord): void;
  onSent(): void;
  onCancel?: () => void;
}

function Form({ room, draft, onDraft, onSent, onCancel }: FormProps) {
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  const named = policyOf(room.state.value.info!, 'feedback_names') === 1;
  const change = (part: Partial<FeedbackRecord>) => {
    error.value = null;
    onDraft({ ...draft, ...part });
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const feedback = toSend(draft, named);
    error.value = problemOf(feedback);
    if (error.peek()) return;
    busy.value = true;
    const outcome = await room.do({ type: 'feedback', ...feedback });
    busy.value = false;
    if (outcome.ok) onSent();
    else error.value = refusalText(outcome.refusal, outcome.detail);
  };
  const away = busy.value && room.connection.state.value.kind !== 'live';
  return (
    <form class="stack" onSubmit={send} noValidate>
      <Rating kind="stars" legend={t('feedback.stars')} values={starValues} value={draft.stars} none={0}
        name={(n) => t('feedback.star', { n })} onChange={(stars) => change({ stars })} />
      <Rating kind="scale" legend={t('feedback.recommend')} values={scaleValues} value={draft.recommend} none={-1}
        name={(n) => t('feedback.recommend.of', { n })} onChange={(recommend) => change({ recommend })}>
        <p class="rating-ends small muted"><span>{t('feedback.recommend.low')}</span><span>{t('feedback.recommend.high')}</span></p>
      </Rating>
      <TextArea label={t('feedback.text')} value={draft.text} rows={4} dir="auto"
        onInput={(event) => change({ text: event.currentTarget.value })} />
      {named ? (
        <Field label={t('feedback.name')} value={draft.name} autocomplete="name" dir="auto"
          onInput={(event) => change({ name: event.currentTarget.value })} />
      ) : <p class="small muted">{t('feedback.anonymous')}</p>}
      {error.value && <p class="field-error" role="alert">{error.value}</p>}
      {away && <p class="small muted" role="status">{t('feedback.away')}</p>}
      <div class="row">
        <Button kind="primary" type="submit" disabled={busy.value}>{t(busy.value ? 'feedback.sending' : 'feedback.send')}</Button>
        {onCancel && <Button onClick={onCancel}>{t('common.cancel')}</Button>}
      </div>
    </form>
  );
}

export function FeedbackForm({ room }: { room: Room }) {
  const { info, feedback } = room.state.value;
  const kept = useKeptText(`lectern.feedback.${room.code}`);
  const changing = useSignal(false);
  const title = useRef<HTMLHeadingElement>(null);
  const draft = readDraft(kept.value);
  const open = info!.state === 'ended' && policyOf(info!, 'feedback') === 1;
  useEffect(() => {
    if (feedback && draft && isSame(draft, feedback)) kept.value = '';
  }, [feedback]);
  const close = () => {
    kept.value = '';
    changing.value = false;
    setTimeout(() => title.current?.focus());
  };
  const change = () => {
    changing.value = true;
    setTimeout(() => title.current?.focus());
  };
  if (!open && !feedback) return null;
  const writing = open && (!feedback || changing.value || (draft !== null && !isSame(draft, feedback)));
  return (
    <section class="card stack feedback" aria-labelledby="feedback-title">
      <div>
        <h2 id="feedback-title" ref={title} tabIndex={-1}>{t(writing ? 'feedback.title' : 'feedback.thanks')}</h2>
        <p class="muted">{t(writing ? 'feedback.hint' : open ? 'feedback.thanks.open' : 'feedback.thanks.closed')}</p>
      </div>
      {writing
        ? <Form room={room} draft={draft ?? feedback ?? noFeedback} onSent={close}
            onDraft={(next) => { kept.value = JSON.stringify(next); }} onCancel={feedback ? close : undefined} />
        : <Given given={feedback!} onChange={open ? change : undefined} />}
    </section>
  );
}
