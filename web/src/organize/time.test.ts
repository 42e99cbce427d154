import { describe, expect, it } from 'vitest';
import { formatSpan, fromWall, isZone, momentFormat, proposedStart, sameClock, toWall, zoneNames } from './time';

const utc = (text: string) => Date.parse(`${text}Z`);

describe('wall times', () => {
  it.each([
    ['2026-05-04T18:30', 'Asia/Shanghai', '2026-05-04T10:30'],
    ['2026-05-04T18:30', 'UTC', '2026-05-04T18:30'],
    ['2026-01-15T00:05', 'America/New_York', '2026-01-15T05:05'],
    ['2026-07-15T00:05', 'America/New_York', '2026-07-15T04:05'],
    ['2026-12-31T23:59', 'Asia/Kathmandu', '2026-12-31T18:14'],
    ['2026-03-01T08:00:30', 'UTC', '2026-03-01T08:00'],
  ])('%s in %s is %s UTC', (wall, zone, expected) => {
    expect(fromWall(wall, zone)).toBe(utc(expected));
  });

  it('come back as they were typed', () => {
    for (const zone of ['Asia/Shanghai', 'America/St_Johns', 'Pacific/Chatham', 'UTC'])
      expect(toWall(fromWall('2026-08-09T07:08', zone), zone)).toBe('2026-08-09T07:08');
  });

  it('take the first of two moments when clocks go back', () => {
    expect(fromWall('2026-10-25T02:30', 'Europe/Berlin')).toBe(utc('2026-10-25T00:30'));
  });

  it('move on when clocks skip them', () => {
    expect(fromWall('2026-03-29T02:30', 'Europe/Berlin')).toBe(utc('2026-03-29T01:30'));
  });

  it.each(['', 'tomorrow', '2026-02-30T10:00', '2026-13-01T10:00', '2026-05-04T24:10', '2026-05-04'])('refuse "%s"', (wall) => {
    expect(fromWall(wall, 'UTC')).toBeNull();
  });

  it('are empty for no time', () => {
    expect(toWall(null, 'UTC')).toBe('');
  });
});

describe('zones', () => {
  it('lists known ones and those in use, once each', () => {
    const names = zoneNames('Asia/Shanghai', 'Not/AZone');
    expect(names).toContain('UTC');
    expect(names).not.toContain('Not/AZone');
    expect(names.filter((name) => name === 'Asia/Shanghai')).toHaveLength(1);
    expect(isZone('Europe/Berlin')).toBe(true);
  });

  it('tells whether two clocks agree at a moment', () => {
    expect(sameClock(utc('2026-01-01T00:00'), 'Europe/London', 'UTC')).toBe(true);
    expect(sameClock(utc('2026-07-01T00:00'), 'Europe/London', 'UTC')).toBe(false);
  });
});

describe('spans', () => {
  it('say the day once', () => {
    const text = formatSpan(utc('2026-05-04T10:00'), utc('2026-05-04T11:00'), 'en', 'UTC');
    expect(text.match(/May 4/g)).toHaveLength(1);
  });
  it('know what is open', () => {
    expect(formatSpan(null, null, 'en')).toBe('');
    expect(formatSpan(null, utc('2026-05-04T11:00'), 'en', 'UTC')).toMatch(/^– .*May 4/);
  });
  it('propose a full hour a day ahead', () => {
    expect(proposedStart(utc('2026-05-04T10:20'))).toBe(utc('2026-05-05T11:00'));
  });
  it('leave out the day where all moments share it', () => {
    const moments = [utc('2026-05-04T23:00'), utc('2026-05-04T23:30')];
    expect(momentFormat(moments, 'en', 'UTC')(moments[0]!)).toMatch(/^11:00:00\sPM$/);
    expect(momentFormat(moments, 'zh-CN', 'Asia/Shanghai')(moments[1]!)).toBe('07:30:00');
    expect(momentFormat([...moments, utc('2026-05-05T00:10')], 'en', 'UTC')(moments[0]!)).toContain('5/4/26');
    expect(momentFormat([], 'en', 'UTC')(moments[0]!)).toContain('5/4/26');
  });
});
