import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policies, sessionStates } from '../net/protocol.gen';
import { changedPolicies, mayDo, newCommandId, policiesOf, policyFields, steps, stepsFor } from './tables';

const header = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('policies', () => {
  it('has a field for every policy', () => {
    expect(policyFields.map((field) => field.word).sort()).toEqual([...policies].sort());
  });

  it('fills in what a session does not name', () => {
    expect(policiesOf({ review: 0 })).toMatchObject({ review: 0, names: 3, question_length: 500 });
  });

  it('finds what changed, an initial value said aloud being no change', () => {
    expect(changedPolicies({ review: 0 }, { review: 0, names: 3, voting: 0 })).toEqual([['voting', 0]]);
  });
});

describe('states', () => {
  it("offers the steps of the server's rule, and no others", () => {
    const source = header('rooms/check.c').split('next[SESSION_COUNT] = {')[1]!.split('};')[0]!;
    const next = Object.fromEntries([...source.matchAll(/\[SESSION_(\w+)\] = ([^,]+),/g)].map((row) => [
      row[1]!.toLowerCase(), [...row[2]!.matchAll(/SESSION_(\w+)/g)].map((to) => to[1]!.toLowerCase()).sort(),
    ]));
    expect(Object.keys(next)).toHaveLength(sessionStates.length);
    for (const state of sessionStates) expect(steps[state].map((step) => step.to).sort()).toEqual(next[state]);
  });

  it('hides no session that has questions', () => {
    expect(stepsFor('host', 'scheduled', 0).map((step) => step.to)).toContain('draft');
    expect(stepsFor('host', 'scheduled', 1).map((step) => step.to)).not.toContain('draft');
  });

  it('offers nothing to those who may not', () => {
    expect(stepsFor('moderator', 'live', 0)).toEqual([]);
    expect(mayDo('policy', 'moderator', 'live')).toBe(true);
    expect(mayDo('policy', 'host', 'archived')).toBe(false);
  });
});

describe('command ids', () => {
  it('are 32 hexadecimal digits, each time others', () => {
    expect(newCommandId()).toMatch(/^[0-9a-f]{32}$/);
    expect(newCommandId()).not.toBe(newCommandId());
  });
});
