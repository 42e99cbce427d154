// One field of a form: the control of its kind, with its hint and what is wrong with it.
import type { JSX } from 'preact';
import { t } from '../i18n/organize';
import { Choice, Field, Select, TextArea } from '../ui/Field';
import { say } from './parts';
import type { FieldSpec, Problem } from './problems';
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
const neverEmpty: readonly FieldSpec['kind'][] = ['select', 'zone', 'number', 'switch'];

function labelOf({ label, kind, min }: FieldSpec): string {
  return min || neverEmpty.includes(kind) ? t(label) : t('field.optional', { label: t(label) });
}

function optionsOf(spec: FieldSpec, value: string) {
  return spec.kind === 'zone' ? zoneNames(value).map((name) => ({ value: name, label: name })) : spec.options ?? [];
}

function bare({ spec, value, problem, onChange }: ControlProps): JSX.Element {
  const { kind, name } = spec;
  const shared = { name, value, label: labelOf(spec), hint: spec.hint && t(spec.hint), error: problem && say(problem) };
  const onInput = (event: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.currentTarget.value);
  switch (kind) {
    case 'switch':
      return <Choice name={name} label={shared.label} hint={shared.hint} checked={value === '1'}
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

export function Control(props: ControlProps) {
  return <div class="form-field" data-kind={props.spec.kind}>{bare(props)}</div>;
}
