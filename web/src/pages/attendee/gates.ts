// May the reader ask or vote now, and what is wrong with a question before it is sent. The server has the last word; this
// only saves a round trip.
import type { LiveKey } from '../../i18n';
import type { InfoRecord, Refusal } from '../../net/protocol.gen';
import { policyOf } from '../../state/room';
import { cleaned, lengthOf } from './text';

export const nameMax = 60;

/** `state`: the session is not open for it, which the page says elsewhere. */
export type AskGate = 'open' | 'closed' | 'state';

export function askGate(info: InfoRecord, hostSide: boolean): AskGate {
  if (info.state !== 'live' && info.state !== 'scheduled') return 'state';
  if (hostSide) return 'open';
  if (info.state === 'scheduled' && policyOf(info, 'ask_ahead') === 0) return 'state';
  return policyOf(info, 'asking') === 1 ? 'open' : 'closed';
}

/** Why there is no voting, or null. */
export function voteBar(info: InfoRecord, hostSide: boolean): LiveKey | null {
  if (info.state === 'paused') return 'list.vote.paused';
  if (info.state !== 'live' && info.state !== 'scheduled') return 'list.vote.over';
  return policyOf(info, 'voting') === 1 || hostSide ? null : 'list.vote.closed';
}

export type NamesPolicy = 'anonymous' | 'shown' | 'hosts' | 'choice';
const namesPolicies: readonly NamesPolicy[] = ['anonymous', 'shown', 'hosts', 'choice'];

export function namesPolicy(info: InfoRecord): NamesPolicy {
  return namesPolicies[policyOf(info, 'names')] ?? 'choice';
}

/** What is typed about the asker; `named` counts where the asker chooses. */
export interface Asker {
  name: string;
  named: boolean;
}

export function nameToSend(info: InfoRecord, asker: Asker): { name: string; anonymous: boolean } {
  const names = namesPolicy(info);
  const anonymous = names === 'anonymous' || (names === 'choice' && !asker.named);
  return { name: anonymous ? '' : cleaned(asker.name), anonymous };
}

export interface AskProblem {
  field: 'text' | 'name';
  refusal: Refusal;
  detail: number;
}

export function askProblem(info: InfoRecord, text: string, asker: Asker): AskProblem | null {
  const max = policyOf(info, 'question_length');
  const length = lengthOf(text);
  if (length === 0) return { field: 'text', refusal: 'empty', detail: 0 };
  if (length > max) return { field: 'text', refusal: 'too_long', detail: max };
  const { name, anonymous } = nameToSend(info, asker);
  if (!anonymous && name === '') return { field: 'name', refusal: 'name_required', detail: 0 };
  return lengthOf(name) > nameMax ? { field: 'name', refusal: 'too_long', detail: nameMax } : null;
}

/** A refused text goes back into the box, in front of what was typed there meanwhile: nothing is lost. */
export function withReturned(draft: string, refused: string): string {
  return cleaned(draft) === '' ? refused : `${refused}\n\n${draft}`;
}
