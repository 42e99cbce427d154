// A session as a form shows it, and back: fields, what they hold, and what the server gets. Pure.
import type { OrganizeKey } from '../i18n/organize';
import { policyTable, type Policy } from '../net/protocol.gen';
import type { FieldSpec, Problems, Values } from './problems';
import { policiesOf, policyFields, type Policies } from './tables';
import { fromWall, toWall } from './time';
import type { Session } from './types';

export const detailFields: readonly FieldSpec[] = [
  { name: 'title', kind: 'text', label: 'field.title', min: 1, max: 200 },
  { name: 'description', kind: 'long', label: 'field.description', hint: 'field.description_hint', max: 5000 },
  { name: 'starts_at', kind: 'time', label: 'field.starts_at' },
  { name: 'ends_at', kind: 'time', label: 'field.ends_at' },
  { name: 'timezone', kind: 'zone', label: 'field.timezone', hint: 'field.timezone_hint' },
];

export interface Details {
  title: string;
  description: string;
  starts_at: number | null;
  ends_at: number | null;
  timezone: string;
}

export function detailValues(details: Details): Values {
  const { title, description, starts_at, ends_at, timezone } = details;
  return { title, description, timezone, starts_at: toWall(starts_at, timezone), ends_at: toWall(ends_at, timezone) };
}

export function detailsOf(values: Values): Details {
  const timezone = values.timezone!;
  const at = (name: string) => fromWall(values[name] ?? '', timezone);
  return { title: values.title!, description: values.description!, starts_at: at('starts_at'), ends_at: at('ends_at'), timezone };
}

/** Seconds are not typed: a time that still reads the same is still the same time. */
export function keepSeconds(before: Pick<Session, 'starts_at' | 'ends_at' | 'timezone'>, after: Details): Details {
  const same = (name: 'starts_at' | 'ends_at') =>
    toWall(before[name], after.timezone) === toWall(after[name], after.timezone) ? before[name] : after[name];
  return { ...after, starts_at: same('starts_at'), ends_at: same('ends_at') };
}

/** What the server shall store; null when it would be what it has already. */
export function changedDetails(session: Details, typed: Details): Details | null {
  const { title, description, ...times } = keepSeconds(session, typed);
  const after: Details = { title: title.trim(), description: description.trim(), ...times };
  const same = (Object.keys(after) as (keyof Details)[]).every((name) => after[name] === session[name]);
  return same ? null : after;
}

export function checkDetails(values: Values): Problems {
  const { starts_at, ends_at } = detailsOf(values);
  return starts_at !== null && ends_at !== null && ends_at <= starts_at ? { ends_at: { key: 'error.ends' } } : {};
}

/** The policies as fields; `say` translates the labels of the choices. */
export function policySpecs(say: (key: OrganizeKey) => string): FieldSpec[] {
  return policyFields.map(({ word, kind }) => {
    const { low, high } = policyTable[word];
    const spec = { name: word, label: `policy.${word}`, hint: `policy.${word}_hint` } as const;
    if (kind === 'number') return { ...spec, kind, min: low, max: high };
    if (kind === 'switch') return { ...spec, kind };
    const values = [0, 1, 2, 3] as const;
    return { ...spec, kind: 'select', options: values.map((n) => ({ value: String(n), label: say(`policy.names_${n}`) })) };
  });
}

export function policyValues(policies: Policies): Values {
  return Object.fromEntries(Object.entries(policiesOf(policies)).map(([word, value]) => [word, String(value)]));
}

export function policiesFrom(values: Values): Record<Policy, number> {
  return Object.fromEntries(policyFields.map(({ word }) => [word, Number(values[word])])) as Record<Policy, number>;
}
