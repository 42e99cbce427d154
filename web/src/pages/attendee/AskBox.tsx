// The box to ask, at the bottom edge and never over the list's end. One line until it is used; then it shows what counts: the
// characters left, who sees the name, what happens next. The text is the page's (it outlives a reload and the box itself).
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { QuestionRecord } from '../../net/protocol.gen';
import { policyOf } from '../../state/room';
import type { Room } from '../../state/store';
import { Button } from '../../ui/Button';
import { showToast } from '../../ui/Toast';
import { refusalText } from '../room/words';
import { AskName } from './AskName';
import { askProblem, namesPolicy, nameToSend, type AskProblem } from './gates';
import { useRemembered } from './hooks';
import { useDock } from './layout';
import { Similar } from './Similar';
import { cleaned, excerpt, lengthOf } from './text';
import './AskBox.css';

interface AskBoxProps {
  room: Room;
  draft: Signal<string>;
  problem: Signal<AskProblem | null>;
}

/** Opens with the focus, closes when the reader goes elsewhere; a button that takes no focus does not close it. */
function useOpen() {
  const open = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const leave = (event: Event) => {
      if (!form.current?.contains(event.target as Node)) open.value = false;
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, []);
  return { open, form };
}

/** As tall as its text; the style sheet says how tall at most. */
function useGrowing(text: string, open: boolean) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const { style } = area.current!;
    style.height = 'auto';
    if (open) style.height = `${area.current!.scrollHeight + 2}px`;
  }, [text, open]);
  return area;
}

export function AskBox({ room, draft, problem }: AskBoxProps) {
  const info = room.state.value.info!;
  const name = useRemembered('lectern.name');
  const named = useRemembered('lectern.named');
  const { open, form } = useOpen();
  const area = useGrowing(draft.value, open.value);
  useDock(form);
  const max = policyOf(info, 'question_length');
  const left = max - lengthOf(draft.value);
  const wrong = problem.value;
  const tooLong = left < 0 ? t('refusal.too_long', { n: max }) : null;
  const textError = wrong?.field === 'text' ? refusalText(wrong.refusal, wrong.detail) : tooLong;

  useEffect(() => {
    if (wrong) open.value = true;
  }, [wrong]);

  const send = (event?: Event) => {
    event?.preventDefault();
    const asker = { name: name.peek(), named: named.peek() === '1' };
    const found = askProblem(info, draft.peek(), asker);
    problem.value = found;
    if (found) {
      setTimeout(() => document.getElementById(found.field === 'name' ? 'ask-name' : 'ask-text')?.focus());
      return;
    }
    room.ask({ type: 'ask', text: cleaned(draft.peek()), ...nameToSend(info, asker) });
    draft.value = '';
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(event);
    else if (event.key === 'Escape') {
      area.current?.blur();
      open.value = false;
    }
  };
  const voteInstead = (question: QuestionRecord) => {
    const typed = draft.peek();
    room.vote(question.id, true);
    draft.value = '';
    area.current?.focus();
    const bringBack = () => { draft.value = draft.peek() || typed; };
    showToast(t('ask.similar.done', { text: excerpt(question.text) }), { action: { label: t('ask.similar.undo'), run: bringBack } });
  };
  const typed = () => { problem.value = null; };

  return (
    <form class="ask" ref={form} aria-label={t('ask.title')} data-open={open.value || undefined} onSubmit={send} onKeyDown={onKeyDown}
      onFocusIn={() => { open.value = true; }} noValidate>
      {open.value && <Similar room={room} text={draft.value} onVoted={voteInstead} />}
      <div class="ask-line">
        <textarea id="ask-text" class="input" ref={area} rows={open.value ? 2 : 1} value={draft.value} dir="auto" aria-label={t('ask.label')}
          placeholder={t('ask.placeholder')} aria-describedby="ask-left ask-hint ask-error" aria-invalid={textError ? true : undefined}
          aria-keyshortcuts="Control+Enter Meta+Enter" onInput={(event) => { draft.value = event.currentTarget.value; typed(); }} />
        <Button kind="primary" type="submit" title={t('ask.keys')}>{t('ask.send')}</Button>
      </div>
      {open.value && (
        <>
          <div class="spread small muted">
            <span id="ask-hint">{policyOf(info, 'review') === 1 && !room.isHostSide ? t('ask.review') : t('ask.direct')}</span>
            <span id="ask-left" class="votes" data-low={left < 20 || undefined}>{t('ask.left', { n: left })}</span>
          </div>
          {textError && <div id="ask-error" class="field-error" role="alert">{textError}</div>}
          <AskName names={namesPolicy(info)} name={name} named={named} onInput={typed}
            error={wrong?.field === 'name' ? refusalText(wrong.refusal, wrong.detail) : null} />
        </>
      )}
    </form>
  );
}

/** Asking is closed: in words, with what was typed. */
export function AskClosed({ text, reason }: { text: string; reason: string | null }) {
  if (!reason && !cleaned(text)) return null;
  return (
    <section class="note stack-s" aria-label={t('ask.title')}>
      {reason && <p>{reason}</p>}
      {cleaned(text) && (
        <>
          <p class="small muted">{t('ask.kept')}</p>
          <p class="question-text small" dir="auto">{text}</p>
        </>
      )}
    </section>
  );
}
