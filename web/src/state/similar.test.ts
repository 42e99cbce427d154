import { describe, expect, it } from 'vitest';
import type { QuestionRecord } from '../net/protocol.gen';
import { pieces, similarity, similarTo } from './similar';

const question = (id: number, text: string) => ({ id, text }) as QuestionRecord;
const like = (a: string, b: string) => similarity(pieces(a), pieces(b));

const asked = [
  question(1, 'How do you size a connection pool?'),
  question(2, 'Will the slides be shared afterwards?'),
  question(3, '分布式事务在实际项目中值得吗？'),
  question(4, 'How large should the connection pool be?'),
];
const found = (text: string, max = 3) => similarTo(text, asked, max).map(({ id }) => id);

describe('pieces', () => {
  it('are three letters of a word, its ends included', () => {
    expect([...pieces('Pool?')]).toEqual([' po', 'poo', 'ool', 'ol ']);
  });
  it('are two where the writing has no spaces', () => {
    expect([...pieces('值得吗？')]).toEqual(['值得', '得吗']);
  });
  it('do not see case, width and punctuation', () => {
    expect(pieces('ＰＯＯＬ!')).toEqual(pieces('pool'));
  });
  it('are none in a text without letters', () => {
    expect(pieces(' ?! 🙂').size).toBe(0);
  });
});

describe('similarity', () => {
  it('is whole for the same words in another order', () => {
    expect(like('connection pool size', 'size: connection pool')).toBe(1);
  });
  it('is nothing without a common piece, and for a few letters', () => {
    expect(like('database at night', 'lunch menu')).toBe(0);
    expect(like('po', 'pool')).toBe(0);
  });
  it('is the same from both sides', () => {
    expect(like('size of the pool', 'the pool and its size')).toBe(like('the pool and its size', 'size of the pool'));
  });
  it('is small for a common word in a long text', () => {
    expect(like('connection', 'connection limits, timeouts, retries and everything else that one has to think of')).toBeLessThan(0.5);
  });
});

describe('what was asked already', () => {
  it('is found while it is being typed', () => {
    expect(found('how do you size a connection po')).toContain(1);
    expect(found('分布式事务值得吗')).toEqual([3]);
  });
  it('comes closest first, and not too much of it', () => {
    expect(found('How do you size a connection pool')[0]).toBe(1);
    expect(found('How large should a connection pool be')[0]).toBe(4);
    expect(found('How large should a connection pool be', 1)).toEqual([4]);
  });
  it('is not found in other questions, and not for nothing', () => {
    expect(found('Is there coffee in the break?')).toEqual([]);
    expect(found('')).toEqual([]);
  });
});
