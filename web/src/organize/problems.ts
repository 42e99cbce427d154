// What can be wrong, as the pages say it: answers of the server and fields of a form become keys of the language file. Pure.
import type { OrganizeKey } from '../i18n/organize';
import type { Params } from '../i18n';
import { ApiError } from '../net/api';

export interface Problem {
  key: OrganizeKey;
  params?: Params;
}

/** The server's words, refusals of commands among them. */
const words: Readonly<Record<string, OrganizeKey>> = {
  network: 'error.offline',
  sign_in: 'error.sign_in',
  wrong_password: 'error.wrong_password',
  too_many_tries: 'error.too_many_tries',
  not_found: 'error.not_found',
  forbidden: 'error.forbidden',
  conflict: 'error.conflict',
  bad_value: 'error.check',
  malformed: 'error.check',
  empty: 'error.check',
  too_long: 'error.check',
  bad_text: 'error.check',
  unavailable: 'error.unavailable',
  not_allowed: 'error.not_allowed',
  not_open: 'error.not_open',
  too_fast: 'error.too_fast',
};

export function problemOf(error: unknown): Problem {
  const word = error instanceof ApiError ? error.error : 'internal';
  return words[word] ? { key: words[word] } : { key: 'error.other', params: { word } };
}

/** Was the request seen at all? If not, nothing can have changed. */
export function wasHeard(error: unknown): boolean {
  return !(error instanceof ApiError && (error.status === 0 || error.status === 401));
}

export type FieldKind = 'text' | 'email' | 'password' | 'long' | 'time' | 'zone' | 'select' | 'switch' | 'number';

/** A field of a form: how it is asked for, and what it may hold. `min` and `max` count characters, or bound a number. */
export interface FieldSpec {
  name: string;
  kind: FieldKind;
  label: OrganizeKey;
  hint?: OrganizeKey;
  min?: number;
  max?: number;
  autocomplete?: string;
  options?: readonly { value: string; label: string }[];
}

/** What was typed; a switch is '1' or '0'. */
export type Values = Record<string, string>;

const numeral = /^\d{1,15}$/;

export function problemIn(spec: FieldSpec, value: string): Problem | null {
  const { kind, min = 0, max = Infinity } = spec;
  if (kind === 'number') {
    const n = Number(value);
    return numeral.test(value.trim()) && n >= min && n <= max ? null : { key: 'error.number', params: { low: min, high: max } };
  }
  const typed = kind === 'password' ? value : value.trim();
  const have = [...typed].length;
  if (have === 0) return min > 0 ? { key: 'error.required' } : null;
  if (have < min && kind === 'password') return { key: 'error.password', params: { n: min } };
  if (have > max) return { key: 'error.characters', params: { n: max, have } };
  if (kind === 'email' && !/^[^\s@]+@[^\s@]+$/.test(typed)) return { key: 'error.email' };
  return null;
}

export type Problems = Partial<Record<string, Problem>>;

export function problemsIn(specs: readonly FieldSpec[], values: Values): Problems {
  const found = specs.map((spec) => [spec.name, problemIn(spec, values[spec.name] ?? '')] as const);
  return Object.fromEntries(found.filter(([, problem]) => problem !== null)) as Problems;
}

/** The field that the server's answer means, where the form has it. */
export function fieldProblem(specs: readonly FieldSpec[], error: unknown): Problems {
  const field = error instanceof ApiError ? error.field : null;
  const spec = specs.find(({ name }) => name === field);
  if (!spec) return {};
  const special: Partial<Record<string, Problem>> = { email: { key: 'error.email' }, ends_at: { key: 'error.ends' } };
  return { [spec.name]: special[spec.name] ?? { key: 'error.field' } };
}

/** Where to go after signing in: a path of ours, and nothing that a link from elsewhere could smuggle in. */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '';
  return /^\/organize(?:[/?#]|$)/.test(next) ? next : '/organize';
}
