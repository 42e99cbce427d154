import { afterEach, describe, expect, it } from 'vitest';
import { chooseLanguage, formatMessage, formatNumber, language, languageReady, messagesOf, type Message, type Messages } from './index';

type File = Record<'en' | 'zh', Messages>;
const english = import.meta.glob<File>('./en/*.ts', { eager: true });
const chinese = import.meta.glob<File>('./zh/*.ts', { eager: true });
const names = Object.keys(english).map((path) => path.slice('./en/'.length));

const formsOf = (message: Message) => typeof message === 'string' ? [message] : Object.values(message);
const paramsOf = (message: Message) =>
  [...new Set(formsOf(message).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

describe('the message files', () => {
  it('exist in both languages', () => {
    expect(names).toEqual(expect.arrayContaining(['live.ts', 'organize.ts', 'hall.ts']));
    expect(Object.keys(chinese).map((path) => path.slice('./zh/'.length)).sort()).toEqual([...names].sort());
  });

  describe.each(names)('%s', (name) => {
    const en = english[`./en/${name}`]!.en;
    const zh = chinese[`./zh/${name}`]!.zh;
    it('has the same keys in both', () => {
      expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    });
    it('names the same parameters in both', () => {
      const differing = Object.keys(en).filter((key) => String(paramsOf(en[key]!)) !== String(paramsOf(zh[key]!)));
      expect(differing).toEqual([]);
    });
    it('says something in Chinese wherever it does in English', () => {
      const isEmpty = (message: Message) => formsOf(message).some((form) => form.trim() === '');
      expect(Object.keys(en).filter((key) => isEmpty(en[key]!) !== isEmpty(zh[key]!))).toEqual([]);
    });
    it('has no brace that is not a parameter', () => {
      const bad = [...Object.entries(en), ...Object.entries(zh)].filter(([, message]) =>
        formsOf(message).some((form) => /[{}]/.test(form.replace(/\{\w+\}/g, ''))));
      expect(bad).toEqual([]);
    });
    it('chooses plural forms by {n} only where there is one', () => {
      const plural = Object.entries(en).filter(([, message]) => typeof message !== 'string');
      expect(plural.filter(([, message]) => !paramsOf(message).includes('{n}')).map(([key]) => key)).toEqual([]);
    });
  });
});

describe('the language', () => {
  it.each([
    [['en-GB', 'zh-CN'], 'en'],
    [['zh-TW'], 'zh-CN'],
    [['zh-Hant-HK', 'en'], 'zh-CN'],
    [['ZH'], 'zh-CN'],
    [['fr-FR', 'de', 'zh-SG', 'en'], 'zh-CN'],
    [['fr-FR', 'de'], 'en'],
    [['zho-x', 'eng'], 'en'], // no tags that browsers send
    [[], 'en'],
  ] as const)('for %j is %s', (wanted, expected) => {
    expect(chooseLanguage(wanted)).toBe(expected);
  });
});

describe('a message', () => {
  const votes: Message = { one: '{n} vote', other: '{n} votes' };
  it.each([
    ['en', 0, '0 votes'], ['en', 1, '1 vote'], ['en', 2, '2 votes'], ['en', 1234, '1,234 votes'],
    ['zh-CN', 1, '1 votes'], // Chinese has one form
  ] as const)('in %s for %d', (of, n, expected) => {
    expect(formatMessage(votes, of, { n })).toBe(expected);
  });
  it('takes its parameters, as often as it names them', () => {
    expect(formatMessage('{name} and {name}: {text}', 'en', { name: 'Ann', text: '1' })).toBe('Ann and Ann: 1');
  });
  it('does not read what was put in', () => {
    expect(formatMessage('{a} {b}', 'en', { a: '{b}', b: '$&' })).toBe('{b} $&');
  });
  it('shows a parameter that is missing, rather than nothing', () => {
    expect(formatMessage('Hello {name}', 'en')).toBe('Hello {name}');
    expect(formatMessage('Hello {name}', 'en', { name: '' })).toBe('Hello ');
  });
});

describe('a part of the product', () => {
  afterEach(() => { language.value = 'en'; });

  it('speaks English at once and others when they are loaded', async () => {
    let loads = 0;
    const zh = { hello: '你好', only: '仅' };
    const t = messagesOf({ hello: 'Hello', other: 'Other' }, { 'zh-CN': async () => { loads++; return zh; } });
    expect(t('hello')).toBe('Hello');
    expect(loads).toBe(0);
    language.value = 'zh-CN';
    await languageReady();
    expect(t('hello')).toBe('你好');
    expect(t('other')).toBe('Other'); // a text that is missing is said in English
    language.value = 'en';
    await languageReady();
    expect(t('hello')).toBe('Hello');
  });

  it('does not switch back to a language that came too late', async () => {
    let deliver: (messages: Messages) => void = () => {};
    const t = messagesOf({ hello: 'Hello' }, { 'zh-CN': () => new Promise((resolve) => { deliver = resolve; }) });
    language.value = 'zh-CN';
    language.value = 'en';
    deliver({ hello: '你好' });
    await Promise.resolve();
    await Promise.resolve();
    expect(t('hello')).toBe('Hello');
  });

  it('writes numbers as the language does', () => {
    expect(formatNumber(12345.5)).toBe('12,345.5');
  });
});
