// Rejecting one question or several: a reason that the asker reads, and a note if there is more to say. R, a digit, Enter.
import { signal, useSignal } from '@preact/signals';
import { t } from '../../i18n/host';
import { reasons, type Reason } from '../../net/protocol.gen';
import { useKeptText } from '../../state/use';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field } from '../../ui/Field';
import { QuestionText } from '../room/QuestionText';
import type { QuestionCommand } from './doing';
import type { Desk } from './desk';
import { close, FormActions, lengthProblem, Moved } from './Forms';
import { isTyping } from './keys';

const noteMax = 500;
/** In the order of the keys 1, 2, 3 …; the last one needs no word. */
const offered: readonly Reason[] = [...reasons.filter((reason) => reason !== 'none'), 'none'];
/** Whoever rejects a row of questions mostly has one reason. */
const lastReason = signal<Reason>(offered[0]!);

function Reasons({ onChoose }: { onChoose(): void }) {
  return (
    <fieldset class="host-reasons">
      <legend class="legend">{t('reject.reason')}</legend>
      {offered.map((reason, i) => (
        <div class="host-reason" key={reason}>
          <Choice type="radio" name="reason" value={reason} autofocus={reason === lastReason.value} label={t(`reason.${reason}`)}
            checked={reason === lastReason.value} onChange={() => { lastReason.value = reason; onChoose(); }} />
          <kbd aria-hidden="true">{i + 1}</kbd>
        </div>
      ))}
    </fieldset>
  );
}

export function RejectForm({ desk, questions }: { desk: Desk; questions: readonly number[] }) {
  const { room } = desk;
  const alone = questions.length === 1 ? desk.questions.value.get(questions[0]!) : undefined;
  const note = useKeptText(`lectern.note.${room.code}.${alone?.id ?? 'many'}`);
  const complaint = useSignal<string | null>(null);
  const open = questions.filter((id) => room.may('reject', desk.questions.value.get(id)));
  const submit = async (event: Event) => {
    event.preventDefault();
    const [reason, text] = [lastReason.value, note.value.trim()];
    complaint.value = reason === 'other' && text === '' ? t('reject.note_needed') : lengthProblem(text, noteMax);
    if (complaint.value) return void (event.currentTarget as HTMLFormElement).querySelector<HTMLInputElement>('.input')?.focus();
    if (open.length === 0) return;
    close(desk);
    const commands = open.map((question): QuestionCommand => ({ type: 'reject', question, reason, note: text }));
    if (!alone) {
      desk.pick(questions, false);
      await desk.doing.many(commands);
      note.value = '';
    } else if (await desk.doing.one(commands[0]!, () => { desk.form.value = { kind: 'reject', questions }; }) === null) {
      note.value = '';
    }
  };
  const choose = (event: KeyboardEvent) => {
    const reason = /^[1-9]$/.test(event.key) && !isTyping(event.target) ? offered[Number(event.key) - 1] : undefined;
    if (!reason || event.ctrlKey || event.metaKey || event.altKey) return;
    lastReason.value = reason;
    complaint.value = null;
    (event.currentTarget as HTMLFormElement).querySelector<HTMLInputElement>(`[value="${reason}"]`)?.focus();
  };
  return (
    <Dialog title={t('reject.title', { n: questions.length })} onClose={() => close(desk)}>
      <form class="stack" onSubmit={submit} onKeyDown={choose} noValidate>
        {alone && <div class="host-quote"><QuestionText text={alone.text} plain /></div>}
        <Reasons onChoose={() => { complaint.value = null; }} />
        <Field label={t(lastReason.value === 'other' ? 'reject.note' : 'reject.note_optional')} hint={t('reject.note_hint')} dir="auto"
          value={note.value} error={complaint.value ?? lengthProblem(note.value, noteMax)}
          onInput={(event) => { note.value = event.currentTarget.value; complaint.value = null; }} />
        {alone && <Moved question={alone} possible={open.length > 0} />}
        <FormActions desk={desk}>
          <Button kind="danger" type="submit" aria-disabled={open.length === 0}>{t('reject.submit', { n: questions.length })}</Button>
        </FormActions>
      </form>
    </Dialog>
  );
}
