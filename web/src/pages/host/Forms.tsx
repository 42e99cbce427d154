// The actions that need words: editing before approval, answering, rejecting. They are dialogs, so that a card may move
// under them; and a draft stays until the server has taken it, whatever happens to the page.
import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n/host';
import type { QuestionRecord } from '../../net/protocol.gen';
import { policyOf } from '../../state/room';
import { useKeptText } from '../../state/use';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, TextArea } from '../../ui/Field';
import { QuestionText } from '../room/QuestionText';
import type { QuestionCommand } from './doing';
import type { Desk } from './desk';
import './forms.css';

export const replyMax = 5000;

export function lengthOf(text: string): number {
  return [...text.trim()].length;
}

/** What is wrong with a text of at most `max` characters; null: nothing. */
export function lengthProblem(text: string, max: number): string | null {
  const over = lengthOf(text) - max;
  return over > 0 ? t('form.too_long', { n: over }) : null;
}

export function close(desk: Desk): void {
  desk.form.value = null;
}

/** A draft, or what is there already as long as nobody has typed. */
function useDraft(key: string, given: string): { text: string; set(text: string): void; kept: Signal<string> } {
  const kept = useKeptText(key);
  const typed = useSignal(kept.value !== '');
  const set = (text: string) => {
    typed.value = true;
    kept.value = text;
  };
  return { text: typed.value ? kept.value : given, set, kept };
}

export function FormActions({ desk, children }: { desk: Desk; children: ComponentChildren }) {
  return (
    <div class="dialog-actions">
      <Button onClick={() => close(desk)}>{t('form.cancel')}</Button>
      {children}
    </div>
  );
}

/** Said in the form when somebody else has moved the question meanwhile. */
export function Moved({ question, possible }: { question: QuestionRecord; possible: boolean }) {
  return possible ? null : <p class="note" data-tone="warn" role="status">{t('form.moved', { state: t(`question.${question.state}`) })}</p>;
}

interface TextFormProps {
  desk: Desk;
  question: QuestionRecord;
}

export function submitOnCtrlEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) (event.target as HTMLTextAreaElement).form?.requestSubmit();
}

async function sendDraft(desk: Desk, command: QuestionCommand, kept: Signal<string>, again: () => void): Promise<void> {
  close(desk);
  if (await desk.doing.one(command, again) === null) kept.value = '';
}

export function EditForm({ desk, question }: TextFormProps) {
  const { room } = desk;
  const { text, set, kept } = useDraft(`lectern.edit.${room.code}.${question.id}`, question.text);
  const complaint = useSignal<string | null>(null);
  const max = policyOf(room.state.value.info!, 'question_length');
  const possible = room.may('approve', question);
  const submit = (event: Event) => {
    event.preventDefault();
    complaint.value = text.trim() === '' ? t('form.empty') : lengthProblem(text, max);
    if (complaint.value || !possible) return;
    const command: QuestionCommand = { type: 'approve', question: question.id, text };
    void sendDraft(desk, command, kept, () => { desk.form.value = { kind: 'edit', question: question.id }; });
  };
  return (
    <Dialog title={t('edit.title')} onClose={() => close(desk)}>
      <form class="stack" onSubmit={submit} noValidate>
        <TextArea label={t('edit.label')} hint={t('edit.hint', { n: max - lengthOf(text) })} error={complaint.value ?? lengthProblem(text, max)}
          rows={5} value={text} dir="auto" onKeyDown={submitOnCtrlEnter}
          onInput={(event) => { set(event.currentTarget.value); complaint.value = null; }} />
        {text !== question.text && (
          <div><Button small onClick={() => set(question.text)}>{t('edit.reset')}</Button></div>
        )}
        {question.original !== '' && question.original !== text && (
          <div><Button small onClick={() => set(question.original)}>{t('edit.original')}</Button></div>
        )}
        <Moved question={question} possible={possible} />
        <FormActions desk={desk}>
          <Button kind="primary" type="submit" aria-disabled={!possible}>{t('edit.submit')}</Button>
        </FormActions>
      </form>
    </Dialog>
  );
}

export function ReplyForm({ desk, question }: TextFormProps) {
  const { room } = desk;
  const { text, set, kept } = useDraft(`lectern.reply.${room.code}.${question.id}`, question.reply);
  const hidden = useSignal(question.reply_private);
  const complaint = useSignal<string | null>(null);
  const possible = room.may('reply', question);
  const takesBack = text.trim() === '' && question.reply !== '';
  const submit = (event: Event) => {
    event.preventDefault();
    complaint.value = text.trim() === '' && !takesBack ? t('form.empty') : lengthProblem(text, replyMax);
    if (complaint.value || !possible) return;
    const command: QuestionCommand = { type: 'reply', question: question.id, text: text.trim(), private: hidden.value && !takesBack };
    void sendDraft(desk, command, kept, () => { desk.form.value = { kind: 'reply', question: question.id }; });
  };
  return (
    <Dialog title={t(question.reply ? 'reply.title_edit' : 'reply.title')} onClose={() => close(desk)}>
      <form class="stack" onSubmit={submit} noValidate>
        <div class="host-quote"><QuestionText text={question.text} plain /></div>
        <TextArea label={t('reply.label')} hint={t(question.reply ? 'reply.hint_edit' : 'reply.hint')} rows={6} value={text} dir="auto"
          error={complaint.value ?? lengthProblem(text, replyMax)} onKeyDown={submitOnCtrlEnter}
          onInput={(event) => { set(event.currentTarget.value); complaint.value = null; }} />
        <fieldset class="stack-s">
          <legend class="legend">{t('reply.who')}</legend>
          <Choice type="radio" name="who" label={t('reply.public')} checked={!hidden.value} onChange={() => { hidden.value = false; }} />
          <Choice type="radio" name="who" label={t('reply.private')} hint={t('reply.private_hint')} checked={hidden.value}
            onChange={() => { hidden.value = true; }} />
        </fieldset>
        <Moved question={question} possible={possible} />
        <FormActions desk={desk}>
          <Button kind={takesBack ? 'danger' : 'primary'} type="submit" aria-disabled={!possible}>
            {t(takesBack ? 'reply.take_back' : question.reply ? 'reply.save' : 'reply.submit')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  );
}
