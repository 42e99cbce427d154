// What the organizer pages know about sessions, as tables: the policies of a form, and which state may follow which.
// The server decides; these only say what to offer. Pure.
import { commandRules, policyTable, roles, type CommandWord, type Page, type Policy, type Role, type SessionState } from '../net/protocol.gen';

export interface PolicyField {
  word: Policy;
  kind: 'switch' | 'choice' | 'number';
}

/** In the order a form asks for them; ranges and initial values are the server's (policyTable). */
export const policyFields: readonly PolicyField[] = [
  { word: 'review', kind: 'switch' },
  { word: 'names', kind: 'choice' },
  { word: 'asking', kind: 'switch' },
  { word: 'voting', kind: 'switch' },
  { word: 'ask_ahead', kind: 'switch' },
  { word: 'question_length', kind: 'number' },
  { word: 'question_limit', kind: 'number' },
  { word: 'stage_next', kind: 'switch' },
  { word: 'feedback', kind: 'switch' },
  { word: 'feedback_names', kind: 'switch' },
];

export type Policies = Partial<Record<Policy, number>>;

/** A policy that a session does not name has its initial value. */
export function policiesOf(policies: Policies): Record<Policy, number> {
  return Object.fromEntries(policyFields.map(({ word }) => [word, policies[word] ?? policyTable[word].initial])) as Record<Policy, number>;
}

/** The policies whose value is another one now, in the order of the form. */
export function changedPolicies(before: Policies, after: Policies): [Policy, number][] {
  const [old, now] = [policiesOf(before), policiesOf(after)];
  return policyFields.filter(({ word }) => old[word] !== now[word]).map(({ word }) => [word, now[word]]);
}

/** A step to another state: its word names the button (open, go_live, …); `sure` asks before. */
export interface Step {
  word: 'open' | 'go_live' | 'back_to_draft' | 'pause' | 'resume' | 'end' | 'go_on' | 'archive' | 'reopen';
  to: SessionState;
  main?: boolean;
  sure?: boolean;
}

export const steps: Readonly<Record<SessionState, readonly Step[]>> = {
  draft: [{ word: 'open', to: 'scheduled', main: true }, { word: 'go_live', to: 'live' }],
  scheduled: [{ word: 'go_live', to: 'live', main: true }, { word: 'back_to_draft', to: 'draft' }],
  live: [{ word: 'pause', to: 'paused' }, { word: 'end', to: 'ended', sure: true }],
  paused: [{ word: 'resume', to: 'live', main: true }, { word: 'end', to: 'ended', sure: true }],
  ended: [{ word: 'go_on', to: 'live' }, { word: 'archive', to: 'archived', sure: true }],
  archived: [{ word: 'reopen', to: 'ended' }],
};

export function mayDo(word: CommandWord, role: Role, state: SessionState): boolean {
  return commandRules[word].roles.includes(role) && commandRules[word].sessions.includes(state);
}

/** Steps to offer: a session that has questions cannot be hidden again. */
export function stepsFor(role: Role, state: SessionState, questions: number): readonly Step[] {
  if (!mayDo('state', role, state)) return [];
  return steps[state].filter((step) => step.to !== 'draft' || questions === 0);
}

/** The pages of a room, and the least role that the server lets in. */
export interface RoomPage {
  word: Page;
  path: string;
  least: Role;
}

const roomPages: readonly RoomPage[] = [
  { word: 'attendee', path: '', least: 'attendee' },
  { word: 'host', path: '/host', least: 'moderator' },
  { word: 'stage', path: '/stage', least: 'attendee' },
  { word: 'speaker', path: '/speaker', least: 'speaker' },
];

export function pagesFor(role: Role): readonly RoomPage[] {
  return roomPages.filter(({ least }) => roles.indexOf(role) >= roles.indexOf(least));
}

/** What a role link may give, the usual one first; and for how many days, 0 for no end. */
export const linkRoles = ['moderator', 'speaker', 'cohost', 'host'] as const;
export const linkDays: readonly number[] = [1, 7, 30, 365, 0];

export function linkState(link: { revoked_at: number | null; expires_at: number | null }, now: number): 'active' | 'expired' | 'revoked' {
  if (link.revoked_at !== null) return 'revoked';
  return link.expires_at !== null && link.expires_at <= now ? 'expired' : 'active';
}
