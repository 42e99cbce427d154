// The reader's language: English is bundled, others come on demand; each part of the product brings its own messages.
// A message is a text with {names}, or one text per plural form chosen by `n`. Numbers are written as the language does.
import { effect, signal } from '@preact/signals';
import { en } from './en/live';

export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Messages = Readonly<Record<string, Message>>;
export type Params = Readonly<Record<string, string | number>>;

export const languages = { en: 'English', 'zh-CN': '简体中文' } as const;
export type Language = keyof typeof languages;

const storageKey = 'lectern.language';

function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && value in languages;
}

/** The first of the reader's languages that we have; every Chinese is read as Simplified. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'zh') return 'zh-CN';
    if (base === 'en') return 'en';
  }
  return 'en';
}

function initialLanguage(): Language {
  try {
    const stored = localStorage.getItem(storageKey);
    if (isLanguage(stored)) return stored;
  } catch { /* storage is closed: the browser's choice holds */ }
  return chooseLanguage(typeof navigator === 'undefined' ? [] : navigator.languages);
}

export const language = signal<Language>(initialLanguage());

export function setLanguage(next: Language): void {
  language.value = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch { /* it holds for this visit */ }
}

type Loader = () => Promise<Messages>;
interface Part {
  messages: { readonly value: Messages };
  load(wanted: Language): Promise<void>;
}
const parts: Part[] = [];

/** Everything that is registered is there in the reader's language. Wait for it before the first picture. */
export async function languageReady(): Promise<void> {
  await Promise.all(parts.map((part) => part.load(language.value)));
}

const pluralRules = new Map<Language, Intl.PluralRules>();
const numberFormats = new Map<Language, Intl.NumberFormat>();

/** Making a formatter costs a hundred times more than using it. */
export function kept<T>(cache: Map<Language, T>, of: Language, make: () => T): T {
  const found = cache.get(of) ?? make();
  cache.set(of, found);
  return found;
}

export function formatNumber(value: number): string {
  const of = language.value;
  return kept(numberFormats, of, () => new Intl.NumberFormat(of)).format(value);
}

export function formatMessage(message: Message, of: Language, params: Params = {}): string {
  let text = message as string;
  if (typeof message !== 'string') {
    const rule = kept(pluralRules, of, () => new Intl.PluralRules(of)).select(Number(params.n ?? 0));
    text = message[rule] ?? message.other;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? kept(numberFormats, of, () => new Intl.NumberFormat(of)).format(value) : value;
  });
}

/** A part's translate function: its English messages, and where the other languages are. */
export function messagesOf<M extends Messages>(english: M, others: Record<Exclude<Language, 'en'>, Loader>) {
  const current = signal<{ of: Language; messages: Messages }>({ of: 'en', messages: english });
  const part: Part = {
    messages: { get value() { return current.value.messages; } },
    async load(wanted) {
      if (current.peek().of === wanted) return;
      const messages = wanted === 'en' ? english : await others[wanted]();
      if (language.peek() === wanted) current.value = { of: wanted, messages };
    },
  };
  parts.push(part);
  effect(() => void part.load(language.value));
  return (key: keyof M & string, params?: Params): string => {
    const { of, messages } = current.value;
    return formatMessage(messages[key] ?? english[key]!, of, params);
  };
}

export const t = messagesOf(en, { 'zh-CN': async () => (await import('./zh/live')).zh });
export type LiveKey = keyof typeof en;
