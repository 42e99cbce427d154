import { describe, expect, it } from 'vitest';
import { changesIn, follow, readDraft } from './draft';

const base = { title: 'Databases', description: '', review: '1' };

describe('a draft', () => {
  it('holds what was changed, and nothing else', () => {
    expect(changesIn(base, { ...base, title: 'Data' })).toEqual({ title: 'Data' });
    expect(changesIn(base, base)).toEqual({});
    expect(changesIn({}, { title: '' })).toEqual({});
  });
  it('knows a field that was emptied', () => {
    expect(changesIn(base, { ...base, title: '' })).toEqual({ title: '' });
  });
  it('lets fields that nobody touched follow the server', () => {
    const typed = { ...base, title: 'Data' };
    const now = { title: 'Databases at night', description: 'New', review: '0' };
    expect(follow(typed, base, now)).toEqual({ title: 'Data', description: 'New', review: '0' });
  });
  it('takes nothing that the form does not have', () => {
    expect(readDraft('{"title":"Data","password":"x","review":1}', base)).toEqual({ title: 'Data' });
    for (const stored of [null, '', '[', 'null', '7']) expect(readDraft(stored, base)).toEqual({});
  });
});
