import { describe, expect, it } from 'vitest';
import { newCommandId, Outbox, type Entry, type OutboxStorage, type Outcome } from './outbox';
import type { Command } from './protocol.gen';

const vote = (question: number, on: boolean): Command => ({ type: 'vote', question, on });
const ask = (text: string): Command => ({ type: 'ask', text, name: '', anonymous: false });
const ok: Outcome = { ok: true, seq: 5 };
const refused = (refusal: 'too_fast' | 'unavailable' | 'empty', detail = 0): Outcome => ({ ok: false, refusal, detail });
const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id);

class Shelf implements OutboxStorage {
  readonly kept = new Map<string, string>();
  getItem(key: string) { return this.kept.get(key) ?? null; }
  setItem(key: string, value: string) { this.kept.set(key, value); }
  removeItem(key: string) { this.kept.delete(key); }
}

function boxOf(...commands: readonly [string, Command][]): Outbox {
  const box = new Outbox(null, 'box');
  for (const [id, command] of commands) box.add(command, id);
  return box;
}

describe('sending', () => {
  it('keeps the order, and gives each entry once', () => {
    const box = boxOf(['a', ask('1')], ['b', vote(1, true)], ['c', ask('2')]);
    expect(ids(box.take(0))).toEqual(['a', 'b', 'c']);
    expect(box.take(0)).toEqual([]);
    expect(ids(box.entries)).toEqual(['a', 'b', 'c']); // kept until the answer
  });
  it('settles in any order', () => {
    const box = boxOf(['a', ask('1')], ['b', ask('2')]);
    box.take(0);
    expect(box.settle('b', ok, 0)!.id).toBe('b');
    expect(ids(box.entries)).toEqual(['a']);
  });
  it('does not know answers to what it did not send', () => {
    const box = boxOf(['a', ask('1')]);
    expect(box.settle('x', ok, 0)).toBeNull();
    expect(ids(box.entries)).toEqual(['a']);
  });
  it('sends all again in order after a drop, with the same ids', () => {
    const box = boxOf(['a', ask('1')], ['b', ask('2')]);
    box.take(0);
    box.add(ask('3'), 'c');
    box.connectionLost();
    expect(ids(box.take(0))).toEqual(['a', 'b', 'c']);
  });
  it('gives a final refusal to its maker', () => {
    const box = boxOf(['a', ask('')]);
    box.take(0);
    expect(box.settle('a', refused('empty'), 0)!.command).toEqual(ask(''));
    expect(box.entries).toEqual([]);
  });
});

describe('"not now"', () => {
  it('holds the whole line, then sends the same again first', () => {
    const box = boxOf(['a', ask('1')]);
    box.take(1000);
    expect(box.settle('a', refused('too_fast', 3000), 1000, () => 0)).toBeNull();
    box.add(ask('2'), 'b');
    expect(box.pausedUntil).toBe(4000);
    expect(box.take(3999)).toEqual([]);
    expect(ids(box.take(4000))).toEqual(['a', 'b']);
  });
  it('waits longer each time, up to a limit, with a spread', () => {
    const box = boxOf(['a', ask('1')]);
    const waits = Array.from({ length: 7 }, () => {
      const now = box.pausedUntil;
      box.take(now);
      box.settle('a', refused('unavailable'), now, () => 0);
      return box.pausedUntil - now;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    const now = box.pausedUntil;
    box.take(now);
    box.settle('a', refused('unavailable'), now, () => 1);
    expect(box.pausedUntil - now).toBe(15_500);
  });
  it('waits as long as the server says, however often it says so', () => {
    const box = boxOf(['a', ask('1')]);
    for (let i = 0; i < 5; i++) {
      const now = box.pausedUntil;
      box.take(now);
      box.settle('a', refused('too_fast', 250), now, () => 0);
      expect(box.pausedUntil - now).toBe(250);
    }
  });
  it('starts over after something went through', () => {
    const box = boxOf(['a', ask('1')], ['b', ask('2')]);
    box.take(0);
    box.settle('a', refused('unavailable'), 0, () => 0);
    box.settle('b', ok, 0);
    box.take(1000);
    box.settle('a', refused('unavailable'), 1000, () => 0);
    expect(box.pausedUntil).toBe(2000);
  });
  it('does not shorten a pause that runs', () => {
    const box = boxOf(['a', ask('1')], ['b', ask('2')]);
    box.take(0);
    box.settle('a', refused('too_fast', 9000), 0, () => 0);
    box.settle('b', refused('too_fast', 10), 0, () => 0);
    expect(box.pausedUntil).toBe(9000);
  });
  it('does not outlive the connection', () => {
    const box = boxOf(['a', ask('1')]);
    box.take(0);
    box.settle('a', refused('too_fast', 9000), 0);
    box.connectionLost();
    expect(ids(box.take(0))).toEqual(['a']);
  });
});

describe('votes on the same question', () => {
  it('that have not left are replaced by the newer word', () => {
    const box = boxOf(['a', vote(1, true)], ['b', vote(2, true)], ['c', vote(1, false)]);
    expect(ids(box.take(0))).toEqual(['b', 'c']);
  });
  it('that have left stay, since the server may have taken them', () => {
    const box = boxOf(['a', vote(1, true)]);
    box.take(0);
    box.add(vote(1, false), 'b');
    expect(ids(box.entries)).toEqual(['a', 'b']);
    expect(ids(box.take(0))).toEqual(['b']);
  });
  it('are not sent again behind a newer word', () => {
    const box = boxOf(['a', vote(1, true)]);
    box.take(0);
    box.add(vote(1, false), 'b');
    box.take(0);
    expect(box.settle('a', refused('too_fast', 10), 0, () => 0)).toBeNull();
    expect(ids(box.entries)).toEqual(['b']);
  });
  it('do not touch other commands on it', () => {
    const box = boxOf(['a', { type: 'stage', question: 1 }], ['b', vote(1, true)]);
    expect(ids(box.entries)).toEqual(['a', 'b']);
  });
});

describe('a reload', () => {
  it('brings back what nobody has answered, to be sent again', () => {
    const shelf = new Shelf();
    const first = new Outbox(shelf, 'box');
    first.add(ask('1'), 'a');
    first.add(vote(1, true), 'b');
    first.take(0);
    first.settle('a', ok, 0);
    const second = new Outbox(shelf, 'box');
    expect(second.entries).toEqual([{ id: 'b', command: vote(1, true), sent: false }]);
    expect(ids(second.take(0))).toEqual(['b']);
    expect(new Outbox(shelf, 'other').entries).toEqual([]);
  });
  it('leaves nothing behind when all is answered', () => {
    const shelf = new Shelf();
    const box = new Outbox(shelf, 'box');
    box.add(ask('1'), 'a');
    expect(shelf.kept.size).toBe(1);
    box.settle('a', ok, 0);
    expect(shelf.kept.size).toBe(0);
  });
  it.each(['', 'not json', '{}', 'null', '7'])('finds no sense in "%s"', (text) => {
    const shelf = new Shelf();
    shelf.setItem('box', text);
    expect(new Outbox(shelf, 'box').entries).toEqual([]);
  });
  it('is not needed: without storage the commands live as long as the page', () => {
    const full: OutboxStorage = { getItem: () => null, setItem: () => { throw new Error('full'); }, removeItem: () => { throw new Error('closed'); } };
    const box = new Outbox(full, 'box');
    box.add(ask('1'), 'a');
    expect(ids(box.take(0))).toEqual(['a']);
    expect(box.settle('a', ok, 0)).not.toBeNull();
  });
});

describe('an outbox', () => {
  it('says every change', () => {
    const told: string[][] = [];
    const box = new Outbox(null, 'box', (entries) => told.push(ids(entries)));
    box.add(ask('1'), 'a');
    box.add(ask('2'), 'b');
    box.settle('a', ok, 0);
    expect(told).toEqual([['a'], ['a', 'b'], ['b']]);
  });
  it('makes ids of 128 bits that do not repeat', () => {
    const made = new Set(Array.from({ length: 100 }, newCommandId));
    expect(made.size).toBe(100);
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});
