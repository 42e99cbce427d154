// A form out of a table of fields. What was typed stays until it was accepted; what is wrong is said at its field, and the
// focus goes to the first of them. A form with a draft name keeps unsent text over reloads.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t, type OrganizeKey } from '../i18n/organize';
import { Button } from '../ui/Button';
import { Control } from './Control';
import { changesIn, follow, loadDraft, storeDraft } from './draft';
import { ProblemNote } from './parts';
import { fieldProblem, problemsIn, type FieldSpec, type Problems, type Values } from './problems';

/** The fields from `from` on are folded away under a title: they have good values already. */
export interface FormPart {
  legend: OrganizeKey;
  lead?: OrganizeKey;
  from: string;
}

export interface FormProps {
  fields: readonly FieldSpec[];
  initial: Values;
  submit: OrganizeKey;
  working?: OrganizeKey;
  onSubmit(values: Values): Promise<void>;
  onCancel?: () => void;
  /** What the fields cannot say one by one. */
  check?: (values: Values) => Problems;
  /** Other words for an answer than the usual ones. */
  problems?: Partial<Record<string, OrganizeKey>>;
  part?: FormPart;
  draft?: string;
}

/** A half-typed time is an empty value to scripts; the browser knows better. */
function halfTyped(form: HTMLFormElement, fields: readonly FieldSpec[]): Problems {
  const half = fields.filter(({ kind, name }) =>
    kind === 'time' && (form.elements.namedItem(name) as HTMLInputElement | null)?.validity.badInput);
  return Object.fromEntries(half.map(({ name }) => [name, { key: 'error.time' as const }]));
}

/** The first wrong field gets the focus; one that is folded away is shown. */
function showProblems(form: HTMLFormElement, fields: readonly FieldSpec[], problems: Problems): void {
  const wrong = fields.filter(({ name }) => problems[name]).map(({ name }) => form.elements.namedItem(name) as HTMLElement | null);
  wrong.forEach((control) => control?.closest('details')?.setAttribute('open', ''));
  wrong[0]?.focus();
}

/** The values of a form: what the reader changed stays, the rest follows the server; unsent changes are a draft. */
function useValues(initial: Values, draft: string | undefined) {
  const base = useRef(initial);
  const [found] = useState(() => (draft ? changesIn(initial, loadDraft(draft, initial)) : {}));
  const [values, setValues] = useState<Values>({ ...initial, ...found });
  const [restored, setRestored] = useState(Object.keys(found).length > 0);
  const latest = useRef(values);
  const show = (next: Values, since: Values) => {
    base.current = since;
    latest.current = next;
    setValues(next);
    if (draft) storeDraft(draft, changesIn(since, next));
  };
  useEffect(() => show(follow(latest.current, base.current, initial), initial), [JSON.stringify(initial)]);
  return {
    values,
    restored,
    change: (name: string, value: string) => show({ ...latest.current, [name]: value }, base.current),
    /** These are stored now; what was typed meanwhile is the next draft. */
    settle(sent: Values) {
      setRestored(false);
      show(latest.current, sent);
    },
    reset() {
      setRestored(false);
      show(initial, initial);
    },
  };
}

function Folded({ part, children }: { part: FormPart; children: ComponentChildren }) {
  return (
    <details class="folded">
      <summary>{t(part.legend)}</summary>
      <div class="form-fields">
        {part.lead && <p class="small muted">{t(part.lead)}</p>}
        {children}
      </div>
    </details>
  );
}

export function Form({ fields, initial, submit, working, onSubmit, onCancel, check, problems: texts, part, draft }: FormProps) {
  const { values, restored, change: put, settle, reset } = useValues(initial, draft);
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const toFirst = () => (form.current!.elements.namedItem(fields[0]!.name) as HTMLElement | null)?.focus();
  useEffect(() => {
    if (onCancel) toFirst(); // with a way back it was opened by a button that is gone now
  }, []);
  const change = (name: string, value: string) => {
    put(name, value);
    setProblems((old) => ({ ...old, [name]: undefined }));
  };
  const complain = (found: Problems) => {
    setProblems(found);
    showProblems(form.current!, fields, found);
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const found = { ...problemsIn(fields, values), ...check?.(values), ...halfTyped(form.current!, fields) };
    setFailure(null);
    setProblems({});
    if (Object.keys(found).length > 0) return complain(found);
    setBusy(true);
    try {
      await onSubmit(values);
      settle(values);
    } catch (error) {
      const meant = fieldProblem(fields, error);
      if (Object.keys(meant).length > 0) complain(meant);
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const cancel = onCancel && (() => {
    reset();
    onCancel();
  });
  const cut = part ? fields.findIndex(({ name }) => name === part.from) : fields.length;
  const controls = fields.map((spec) => (
    <Control key={spec.name} spec={spec} value={values[spec.name] ?? ''} problem={problems[spec.name]}
      onChange={(value) => change(spec.name, value)} />
  ));
  return (
    <form class="stack" ref={form} noValidate onSubmit={send} aria-busy={busy}>
      {restored && (
        <div class="note row small" role="status">
          <span>{t('draft.restored')}</span>
          <Button small onClick={() => { reset(); toFirst(); }}>{t('draft.discard')}</Button>
        </div>
      )}
      <div class="form-fields">{controls.slice(0, cut)}</div>
      {part && <Folded part={part}>{controls.slice(cut)}</Folded>}
      {failure !== null && <ProblemNote error={failure} texts={texts} />}
      <div class="row">
        <Button type="submit" kind="primary" aria-disabled={busy}>{t(busy ? working ?? 'saving' : submit)}</Button>
        {cancel && <Button onClick={cancel}>{t('cancel')}</Button>}
      </div>
    </form>
  );
}
