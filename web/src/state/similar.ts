// "Somebody asked this already": questions whose wording is close to what is being typed. Pieces of three characters
// are compared (two, where the writing has no spaces), as the share of the shorter text that both have.
import type { QuestionRecord } from '../net/protocol.gen';

const wide = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const enough = 0.5;
const shortest = 4;

export function pieces(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const size = wide.test(word) ? 2 : 3;
    const padded = size === 3 ? ` ${word} ` : word;
    for (let i = 0; i + size <= padded.length; i++) found.add(padded.slice(i, i + size));
  }
  return found;
}

export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  if (small.size < shortest) return 0;
  let shared = 0;
  for (const piece of small) if (large.has(piece)) shared++;
  return shared / Math.max(small.size, large.size / 2);
}

export function similarTo(text: string, questions: readonly QuestionRecord[], max: number): QuestionRecord[] {
  const wanted = pieces(text);
  return questions
    .map((question) => ({ question, score: similarity(wanted, pieces(question.text)) }))
    .filter(({ score }) => score >= enough)
    .sort((a, b) => b.score - a.score)
    .slice(0, max)
    .map(({ question }) => question);
}
