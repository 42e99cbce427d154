// A form out of a table of fields. What was typed stays until it was accepted; what is wrong is said at its field, and the
// focus goes to the first of them.
import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t, type OrganizeKey } from '../i18n/organize';
import { Button } from '../ui/Button';
import { Choice, Field, Select, TextArea } from '../ui/Field';
import { ProblemNote, say } from './parts';
import { fieldProblem, problemOf, problemsIn, type FieldSpec, type Problem, type Problems, type Values } from './problems';
import { zoneNames } from './time';

interface ControlProps {
  spec: FieldSpec;
  value: string;
  problem: Problem | undefined;
  onChange(value: string): void;
}

const inputTypes: Readonly<Partial<Record<FieldSpec['kind'], string>>> = {
  email: 'email', password: 'password', time: 'datetime-local',
};

function optionsOf(spec: FieldSpec, value: string) {
  return spec.kind === 'zone' ? zoneNames(value).map((name) => ({ value: name, label: name })) : spec.options ?? [];
}

function Control({ spec, value, problem, onChange }: ControlProps) {
  const { kind, name } = spec;
  const shared = {
    name, value,
    label: spec.min || kind === 'select' || kind === 'zone' || kind === 'number' ? t(spec.label) : t('field.optional', { label: t(spec.label) }),
    hint: spec.hint && t(spec.hint),
    error: problem && say(problem),
  };
  const onInput = (event: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.currentTarget.value);
  switch (kind) {
    case 'switch':
      return <Choice name={name} label={t(spec.label)} hint={shared.hint} checked={value === '1'}
        onChange={(event) => onChange(event.currentTarget.checked ? '1' : '0')} />;
    case 'long':
      return <TextArea {...shared} rows={3} onInput={onInput} />;
    case 'zone':
    case 'select':
      return (
        <Select {...shared} onChange={(event) => onChange(event.currentTarget.value)}>
          {optionsOf(spec, value).map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
        </Select>
      );
    default:
      return <Field {...shared} type={inputTypes[kind] ?? 'text'} inputMode={kind === 'number' ? 'numeric' : undefined}
        autocomplete={spec.autocomplete ?? 'off'} required={(spec.min ?? 0) > 0 && kind !== 'number'} onInput={onInput} />;
  }
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
  children?: ComponentChildren;
}

/** A half-typed time is an empty value to scripts; the browser knows better. */
function halfTyped(form: HTMLFormElement, fields: readonly FieldSpec[]): Problems {
  const half = fields.filter(({ kind, name }) =>
    kind === 'time' && (form.elements.namedItem(name) as HTMLInputElement | null)?.validity.badInput);
  return Object.fromEntries(half.map(({ name }) => [name, { key: 'error.time' as const }]));
}

function focusFirst(form: HTMLFormElement, fields: readonly FieldSpec[], problems: Problems): void {
  const first = fields.find(({ name }) => problems[name]);
  if (first) (form.elements.namedItem(first.name) as HTMLElement | null)?.focus();
}

export function Form({ fields, initial, submit, working, onSubmit, onCancel, check, problems: texts, children }: FormProps) {
  const [values, setValues] = useState<Values>(initial);
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const change = (name: string, value: string) => {
    setValues((old) => ({ ...old, [name]: value }));
    setProblems((old) => ({ ...old, [name]: undefined }));
  };
  const complain = (found: Problems) => {
    setProblems(found);
    focusFirst(form.current!, fields, found);
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const found = { ...problemsIn(fields, values), ...check?.(values), ...halfTyped(form.current!, fields) };
    setFailure(null);
    if (Object.keys(found).length > 0) return complain(found);
    setBusy(true);
    setProblems({});
    try {
      await onSubmit(values);
    } catch (error) {
      const meant = fieldProblem(fields, error);
      if (Object.keys(meant).length > 0) complain(meant);
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const problem = failure ? problemOf(failure) : null;
  const own = problem && failure instanceof Error ? texts?.[failure.message] : undefined;
  return (
    <form class="stack" ref={form} noValidate onSubmit={send} aria-busy={busy}>
      {fields.map((spec) => (
        <Control key={spec.name} spec={spec} value={values[spec.name] ?? ''} problem={problems[spec.name]}
          onChange={(value) => change(spec.name, value)} />
      ))}
      {children}
      {problem && (own ? <p class="note" data-tone="bad" role="alert">{t(own)}</p> : <ProblemNote error={failure} />)}
      <div class="row">
        <Button type="submit" kind="primary" aria-disabled={busy}>{t(busy ? working ?? 'saving' : submit)}</Button>
        {onCancel && <Button onClick={onCancel}>{t('cancel')}</Button>}
      </div>
    </form>
  );
}
