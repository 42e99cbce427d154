import { describe, expect, it } from 'vitest';
import { changedDetails, checkDetails, detailsOf, detailValues, keepSeconds, policiesFrom, policySpecs, policyValues } from './sessionForm';
import { policiesOf } from './tables';

const details = {
  title: 'Databases at night', description: '', timezone: 'Asia/Shanghai',
  starts_at: Date.parse('2026-05-04T10:30Z'), ends_at: null,
};

describe('details', () => {
  it('survive the way through a form', () => {
    expect(detailValues(details).starts_at).toBe('2026-05-04T18:30');
    expect(detailsOf(detailValues(details))).toEqual(details);
  });
  it('say that the end comes first', () => {
    const values = { ...detailValues(details), ends_at: '2026-05-04T18:30' };
    expect(checkDetails(values)).toEqual({ ends_at: { key: 'error.ends' } });
    expect(checkDetails({ ...values, ends_at: '2026-05-04T18:31' })).toEqual({});
    expect(checkDetails({ ...values, starts_at: '' })).toEqual({});
  });
  it('keep seconds that nobody typed', () => {
    const before = { ...details, starts_at: details.starts_at + 12_345 };
    expect(keepSeconds(before, detailsOf(detailValues(before))).starts_at).toBe(before.starts_at);
    expect(keepSeconds(before, { ...details, starts_at: details.starts_at + 60_000 }).starts_at).toBe(details.starts_at + 60_000);
  });
  it('are nothing to send when they are what they were', () => {
    const before = { ...details, starts_at: details.starts_at + 12_345 };
    expect(changedDetails(before, detailsOf({ ...detailValues(before), title: ' Databases at night ' }))).toBeNull();
    expect(changedDetails(before, { ...details, title: 'Data' })).toEqual({ ...before, title: 'Data' });
  });
  it('move with the zone they are meant in', () => {
    const moved = detailsOf({ ...detailValues(details), timezone: 'UTC' });
    expect(keepSeconds(details, moved).starts_at).toBe(Date.parse('2026-05-04T18:30Z'));
  });
});

describe('policies', () => {
  it('survive the way through a form', () => {
    const all = policiesOf({ names: 2, question_limit: 3, review: 0 });
    expect(policiesFrom(policyValues({ names: 2, question_limit: 3, review: 0 }))).toEqual(all);
  });
  it('have a choice of words where they are a choice', () => {
    const names = policySpecs((key) => key).find(({ name }) => name === 'names')!;
    expect(names.options?.map(({ label }) => label)).toEqual([0, 1, 2, 3].map((n) => `policy.names_${n}`));
  });
});
