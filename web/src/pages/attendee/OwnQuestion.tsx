// The asker's side of a question: what became of it in words, and what may still be done about it.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { QuestionRecord } from '../../net/protocol.gen';
import { policyOf } from '../../state/room';
import type { Room } from '../../state/store';
import { useKeptText, useNow } from '../../state/use';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { TextArea } from '../../ui/Field';
import { showToast } from '../../ui/Toast';
import { refusalText } from '../room/words';
import { editWindowMs, fates, mayEdit } from './fate';
import { cleaned, lengthOf } from './text';

function Fate({ question }: { question: QuestionRecord }) {
  const { hint } = fates[question.state];
  const rejected = question.state === 'rejected';
  return (
    <>
      {hint && <p class="small muted">{t(hint)}</p>}
      {rejected && question.reason !== 'none' && !(question.reason === 'other' && question.note) && (
        <p class="small">{t(`mine.reason.${question.reason}`)}</p>
      )}
      {rejected && question.note && <p class="small own-note" dir="auto">{t('mine.note', { note: question.note })}</p>}
      {question.edited && <p class="small muted">{t('mine.edited')}</p>}
    </>
  );
}

/** In place of the buttons; the text is kept until the server has taken it. */
function Editor({ room, question, text, onClose }: {
  room: Room; question: QuestionRecord; text: { value: string; peek(): string }; onClose(): void;
}) {
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  const field = useRef<HTMLDivElement>(null);
  const max = policyOf(room.state.value.info!, 'question_length');
  const left = max - lengthOf(text.value);
  useEffect(() => {
    const area = field.current?.querySelector('textarea');
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }, []);
  const save = async (event: Event) => {
    event.preventDefault();
    const words = cleaned(text.peek());
    if (!words) error.value = t('refusal.empty');
    else if (left < 0) error.value = t('refusal.too_long', { n: max });
    else if (words === question.text) onClose();
    else {
      busy.value = true;
      const outcome = await room.do({ type: 'edit', question: question.id, text: words });
      busy.value = false;
      if (outcome.ok) {
        announce(t('mine.saved'));
        onClose();
      } else error.value = refusalText(outcome.refusal, outcome.detail);
    }
  };
  return (
    <form class="own-edit" onSubmit={save} noValidate>
      <div ref={field}>
        <TextArea label={t('mine.edit.label')} value={text.value} error={error.value} hint={t('ask.left', { n: left })} rows={3} dir="auto"
          onInput={(event) => { text.value = event.currentTarget.value; error.value = null; }} />
      </div>
      <div class="row">
        <Button kind="primary" type="submit" disabled={busy.value}>{t(busy.value ? 'mine.saving' : 'mine.save')}</Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}

function Withdraw({ room, question, onDone }: { room: Room; question: QuestionRecord; onDone(): void }) {
  const asking = useSignal(false);
  const busy = useSignal(false);
  const withdraw = async () => {
    busy.value = true;
    const outcome = await room.do({ type: 'withdraw', question: question.id });
    busy.value = false;
    if (outcome.ok) announce(t('mine.withdrawn'));
    else showToast(refusalText(outcome.refusal, outcome.detail));
    onDone();
  };
  return (
    <>
      <Button disabled={busy.value} onClick={() => { asking.value = true; }}>{t(busy.value ? 'mine.withdrawing' : 'mine.withdraw')}</Button>
      {asking.value && (
        <Confirm title={t('mine.withdraw.title')} text={t('mine.withdraw.text')} action={t('mine.withdraw')} danger
          onConfirm={withdraw} onClose={() => { asking.value = false; }} />
      )}
    </>
  );
}

function Actions({ room, question, onEdit, onDone }: { room: Room; question: QuestionRecord; onEdit(): void; onDone(): void }) {
  const { info } = room.state.value;
  const recent = room.now() - question.asked_at < 2 * editWindowMs;
  const now = useNow(room, recent ? 2000 : 60_000);
  const editable = mayEdit(question, info!.state, now);
  const withdrawable = room.may('withdraw', question);
  if (!editable && !withdrawable) return null;
  return (
    <div class="row">
      {editable && <Button onClick={onEdit}>{t('mine.edit')}</Button>}
      {withdrawable && <Withdraw room={room} question={question} onDone={onDone} />}
    </div>
  );
}

export function OwnQuestion({ room, question }: { room: Room; question: QuestionRecord }) {
  const draft = useKeptText(`lectern.edit.${room.code}.${question.id}`);
  const editing = useSignal(draft.peek() !== '');
  const ref = useRef<HTMLDivElement>(null);
  // The control that had the focus is gone: stay at this question.
  const stay = () => setTimeout(() => ref.current?.focus());
  const edit = () => {
    draft.value = question.text;
    editing.value = true;
  };
  const close = () => {
    draft.value = '';
    editing.value = false;
    stay();
  };
  return (
    <div class="stack-s" ref={ref} tabIndex={-1}>
      <Fate question={question} />
      {editing.value ? <Editor room={room} question={question} text={draft} onClose={close} />
        : <Actions room={room} question={question} onEdit={edit} onDone={stay} />}
    </div>
  );
}
