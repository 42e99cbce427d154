import { describe, expect, it } from 'vitest';
import { ApiError } from '../net/api';
import { fieldProblem, problemIn, problemOf, problemsIn, safeNext, type FieldSpec } from './problems';

const title: FieldSpec = { name: 'title', kind: 'text', label: 'field.title', min: 1, max: 5 };
const email: FieldSpec = { name: 'email', kind: 'email', label: 'field.email', min: 3, max: 254 };
const password: FieldSpec = { name: 'password', kind: 'password', label: 'field.password', min: 8 };
const limit: FieldSpec = { name: 'question_limit', kind: 'number', label: 'policy.question_limit', min: 0, max: 1000 };

describe('fields', () => {
  it.each([
    [title, 'Rust', null], [title, '  ', 'error.required'], [title, '', 'error.required'],
    [title, '开源之夜好', null], [title, '🎤🎤🎤🎤🎤', null], [title, 'sixsix', 'error.characters'], [title, ' five5 ', null],
    [email, 'wei@example.org', null], [email, 'wei', 'error.email'], [email, 'wei @example.org', 'error.email'],
    [password, 'correct horse', null], [password, '1234567', 'error.password'], [password, '        ', null],
    [limit, '0', null], [limit, '1000', null], [limit, '1001', 'error.number'], [limit, '', 'error.number'],
    [limit, '-1', 'error.number'], [limit, '1e2', 'error.number'],
  ])('%#: what is wrong', (spec, value, key) => {
    expect(problemIn(spec, value)?.key ?? null).toBe(key);
  });

  it('may stay empty when nothing is asked of them', () => {
    expect(problemIn({ ...title, min: 0 }, '')).toBeNull();
  });

  it('are all looked at', () => {
    expect(Object.keys(problemsIn([title, email, limit], { title: '', email: 'a@b', question_limit: 'x' }))).toEqual(['title', 'question_limit']);
  });
});

describe('answers of the server', () => {
  it('name the field', () => {
    expect(fieldProblem([title, email], new ApiError('bad_value', 400, 'email', 254))).toEqual({ email: { key: 'error.email' } });
    expect(fieldProblem([title, email], new ApiError('bad_value', 400, 'timezone', 64))).toEqual({});
    expect(fieldProblem([title], new Error('x'))).toEqual({});
  });
  it('have a text, known or not', () => {
    expect(problemOf(new ApiError('wrong_password', 401)).key).toBe('error.wrong_password');
    expect(problemOf(new ApiError('brand_new', 400))).toEqual({ key: 'error.other', params: { word: 'brand_new' } });
    expect(problemOf(new TypeError('a bug'))).toEqual({ key: 'error.other', params: { word: 'internal' } });
  });
});

describe('the way on after signing in', () => {
  it.each([
    ['', '/organize'], ['?next=/organize/sessions/3/review', '/organize/sessions/3/review'],
    ['?next=//evil.example/organize', '/organize'], ['?next=https://evil.example/organize', '/organize'],
    ['?next=/organizers', '/organize'], ['?next=javascript:alert(1)', '/organize'],
  ])('%s', (search, path) => expect(safeNext(search)).toBe(path));
});
