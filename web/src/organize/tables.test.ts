import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages, policies, roles, sessionStates } from '../net/protocol.gen';
import { changedPolicies, linkRoles, linkState, mayDo, pagesFor, policiesOf, policyFields, steps, stepsFor } from './tables';

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
    const source = header('include/lectern/tbl/words.h').split('LECTERN_SESSION_STEPS(X)')[1]!.split('\n\n')[0]!;
    const next = Object.fromEntries([...source.matchAll(/X\((\w+), ([^\n]+)\)/g)].map((row) => [
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

describe('pages and links', () => {
  it("offer what the server's least role lets in", () => {
    const source = header('gateway/hub.c').split('least[PAGE_COUNT] = {')[1]!.split('};')[0]!;
    const least = Object.fromEntries([...source.matchAll(/\[PAGE_(\w+)\] = ROLE_(\w+)/g)].map((row) => [row[1]!.toLowerCase(), row[2]!.toLowerCase()]));
    for (const role of roles) {
      const allowed = pages.filter((page) => roles.indexOf(role) >= roles.indexOf((least[page] ?? 'attendee') as typeof role));
      expect(pagesFor(role).map(({ word }) => word).sort()).toEqual([...allowed].sort());
    }
  });
  it('give every role but that of an attendee', () => {
    expect([...linkRoles, 'attendee'].sort()).toEqual([...roles].sort());
  });
  it('end when they are revoked or too old', () => {
    expect(linkState({ revoked_at: null, expires_at: null }, 10)).toBe('active');
    expect(linkState({ revoked_at: null, expires_at: 11 }, 10)).toBe('active');
    expect(linkState({ revoked_at: null, expires_at: 10 }, 10)).toBe('expired');
    expect(linkState({ revoked_at: 5, expires_at: 8 }, 10)).toBe('revoked');
  });
});
