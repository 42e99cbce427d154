// Made by lectern-gen from include/lectern/tbl. Do not edit: change the tables, then run lectern-gen.
// Messages are arrays on the wire (msgpack or JSON alike) and objects here; fields beyond those known are
// ignored.

type Wire = readonly unknown[];
/** 128 random bits as 32 hexadecimal digits; sent as text, answered as 16 bytes in msgpack. */
export type CommandId = string;

function commandId(value: unknown): CommandId {
  if (typeof value === 'string') return value;
  return Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const roles = ['attendee', 'speaker', 'moderator', 'cohost', 'host'] as const;
export type Role = (typeof roles)[number];

export const memberRoles = ['member', 'organizer', 'owner'] as const;
export type MemberRole = (typeof memberRoles)[number];

export const sessionStates = ['draft', 'scheduled', 'live', 'paused', 'ended', 'archived'] as const;
export type SessionState = (typeof sessionStates)[number];

export const questionStates = ['pending', 'live', 'stage', 'answered', 'rejected', 'withdrawn', 'merged', 'archived'] as const;
export type QuestionState = (typeof questionStates)[number];

export const reasons = ['none', 'off_topic', 'duplicate', 'unclear', 'inappropriate', 'already_answered', 'no_time', 'other'] as const;
export type Reason = (typeof reasons)[number];

export const pages = ['attendee', 'host', 'speaker', 'stage'] as const;
export type Page = (typeof pages)[number];

export const policies = ['review', 'asking', 'voting', 'ask_ahead', 'names', 'question_length', 'question_limit', 'stage_next', 'feedback', 'feedback_names'] as const;
export type Policy = (typeof policies)[number];

export const refusals = ['none', 'unknown_command', 'malformed', 'not_allowed', 'not_open', 'asking_closed', 'voting_closed', 'feedback_closed', 'no_question', 'wrong_state', 'not_yours', 'too_late', 'empty', 'too_long', 'bad_text', 'bad_value', 'name_required', 'too_many', 'too_fast', 'full', 'conflict', 'unavailable', 'internal'] as const;
export type Refusal = (typeof refusals)[number];

export const closeReasons = ['normal', 'drain', 'protocol', 'too_large', 'internal', 'slow', 'silent', 'no_hello', 'role_changed', 'overload', 'flood', 'unavailable', 'no_session', 'not_allowed', 'version'] as const;
export type CloseReason = (typeof closeReasons)[number];

export const commandWords = ['ask', 'edit', 'withdraw', 'vote', 'feedback', 'approve', 'reject', 'stage', 'unstage', 'answered', 'reply', 'archive', 'restore', 'state', 'policy', 'details'] as const;
export type CommandWord = (typeof commandWords)[number];

/** Who may do what, and when; `questions` is empty when the command names no question. */
export interface CommandRule {
  roles: readonly Role[];
  sessions: readonly SessionState[];
  questions: readonly QuestionState[];
}
export const commandRules: Readonly<Record<CommandWord, CommandRule>> = {
  ask: {
    roles: ['attendee', 'speaker', 'moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live'],
    questions: [],
  },
  edit: {
    roles: ['attendee', 'speaker', 'moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live'],
    questions: ['pending', 'live'],
  },
  withdraw: {
    roles: ['attendee', 'speaker', 'moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['pending', 'live', 'stage'],
  },
  vote: {
    roles: ['attendee', 'speaker', 'moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live'],
    questions: ['live', 'stage'],
  },
  feedback: {
    roles: ['attendee', 'speaker', 'moderator', 'cohost', 'host'],
    sessions: ['ended'],
    questions: [],
  },
  approve: {
    roles: ['moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['pending'],
  },
  reject: {
    roles: ['moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['pending', 'live', 'stage'],
  },
  stage: {
    roles: ['speaker', 'moderator', 'cohost', 'host'],
    sessions: ['live', 'paused'],
    questions: ['live'],
  },
  unstage: {
    roles: ['speaker', 'moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['stage'],
  },
  answered: {
    roles: ['speaker', 'moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['live', 'stage'],
  },
  reply: {
    roles: ['moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['pending', 'live', 'stage', 'answered'],
  },
  archive: {
    roles: ['moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['pending', 'live', 'stage', 'answered', 'rejected'],
  },
  restore: {
    roles: ['moderator', 'cohost', 'host'],
    sessions: ['scheduled', 'live', 'paused', 'ended'],
    questions: ['live', 'stage', 'answered', 'rejected', 'archived'],
  },
  state: {
    roles: ['cohost', 'host'],
    sessions: ['draft', 'scheduled', 'live', 'paused', 'ended', 'archived'],
    questions: [],
  },
  policy: {
    roles: ['moderator', 'cohost', 'host'],
    sessions: ['draft', 'scheduled', 'live', 'paused', 'ended'],
    questions: [],
  },
  details: {
    roles: ['cohost', 'host'],
    sessions: ['draft', 'scheduled', 'live', 'paused', 'ended'],
    questions: [],
  },
};

/** `retry`: the same command may succeed later, unchanged. */
export const refusalTable: Readonly<Record<Refusal, { retry: boolean }>> = {
  none: { retry: false },
  unknown_command: { retry: false },
  malformed: { retry: false },
  not_allowed: { retry: false },
  not_open: { retry: false },
  asking_closed: { retry: false },
  voting_closed: { retry: false },
  feedback_closed: { retry: false },
  no_question: { retry: false },
  wrong_state: { retry: false },
  not_yours: { retry: false },
  too_late: { retry: false },
  empty: { retry: false },
  too_long: { retry: false },
  bad_text: { retry: false },
  bad_value: { retry: false },
  name_required: { retry: false },
  too_many: { retry: false },
  too_fast: { retry: true },
  full: { retry: false },
  conflict: { retry: false },
  unavailable: { retry: true },
  internal: { retry: false },
};

/** `retry_ms`: come back after a random time up to this; -1: do not come back. */
export const closeTable: Readonly<Record<CloseReason, { code: number; retry_ms: number }>> = {
  normal: { code: 1000, retry_ms: -1 },
  drain: { code: 1001, retry_ms: 5000 },
  protocol: { code: 1002, retry_ms: -1 },
  too_large: { code: 1009, retry_ms: -1 },
  internal: { code: 1011, retry_ms: 5000 },
  slow: { code: 4001, retry_ms: 2000 },
  silent: { code: 4002, retry_ms: 1000 },
  no_hello: { code: 4003, retry_ms: 5000 },
  role_changed: { code: 4004, retry_ms: 500 },
  overload: { code: 4005, retry_ms: 15000 },
  flood: { code: 4006, retry_ms: 30000 },
  unavailable: { code: 4007, retry_ms: 3000 },
  no_session: { code: 4500, retry_ms: -1 },
  not_allowed: { code: 4501, retry_ms: -1 },
  version: { code: 4502, retry_ms: -1 },
};

/** `index`: place in InfoRecord.policies. */
export interface PolicyRow {
  index: number;
  initial: number;
  low: number;
  high: number;
}
export const policyTable: Readonly<Record<Policy, PolicyRow>> = {
  review: { index: 0, initial: 1, low: 0, high: 1 },
  asking: { index: 1, initial: 1, low: 0, high: 1 },
  voting: { index: 2, initial: 1, low: 0, high: 1 },
  ask_ahead: { index: 3, initial: 0, low: 0, high: 1 },
  names: { index: 4, initial: 3, low: 0, high: 3 },
  question_length: { index: 5, initial: 500, low: 1, high: 2000 },
  question_limit: { index: 6, initial: 0, low: 0, high: 1000 },
  stage_next: { index: 7, initial: 1, low: 0, high: 1 },
  feedback: { index: 8, initial: 1, low: 0, high: 1 },
  feedback_names: { index: 9, initial: 0, low: 0, high: 1 },
};

export interface QuestionRecord {
  id: number;
  state: QuestionState;
  votes: number;
  text: string;
  name: string;
  asked_at: number;
  state_at: number;
  reply: string;
  reply_private: boolean;
  reason: Reason;
  note: string;
  edited: boolean;
  asker: number;
  anonymous: boolean;
  original: string;
}

export function decodeQuestion(a: Wire): QuestionRecord {
  return {
    id: a[0] as number,
    state: a[1] as QuestionState,
    votes: a[2] as number,
    text: a[3] as string,
    name: a[4] as string,
    asked_at: a[5] as number,
    state_at: a[6] as number,
    reply: a[7] as string,
    reply_private: a[8] as boolean,
    reason: a[9] as Reason,
    note: a[10] as string,
    edited: a[11] as boolean,
    asker: a[12] as number,
    anonymous: a[13] as boolean,
    original: a[14] as string,
  };
}

export interface InfoRecord {
  code: string;
  title: string;
  description: string;
  event: string;
  state: SessionState;
  starts_at: number;
  ends_at: number;
  timezone: string;
  policies: number[];
  live: number;
  answered: number;
  pending: number;
  votes: number;
  responses: number;
}

export function decodeInfo(a: Wire): InfoRecord {
  return {
    code: a[0] as string,
    title: a[1] as string,
    description: a[2] as string,
    event: a[3] as string,
    state: a[4] as SessionState,
    starts_at: a[5] as number,
    ends_at: a[6] as number,
    timezone: a[7] as string,
    policies: a[8] as number[],
    live: a[9] as number,
    answered: a[10] as number,
    pending: a[11] as number,
    votes: a[12] as number,
    responses: a[13] as number,
  };
}

export interface FeedbackRecord {
  stars: number;
  recommend: number;
  text: string;
  name: string;
}

export function decodeFeedback(a: Wire): FeedbackRecord {
  return {
    stars: a[0] as number,
    recommend: a[1] as number,
    text: a[2] as string,
    name: a[3] as string,
  };
}

export interface WelcomeMessage {
  type: 'welcome';
  role: Role;
  page: Page;
  participant: number;
  token: string;
  now: number;
  heartbeat_ms: number;
  resumed: boolean;
}

export interface SnapshotMessage {
  type: 'snapshot';
  seq: number;
  info: InfoRecord;
  questions: QuestionRecord[];
}

export interface LiveMessage {
  type: 'live';
  from: number;
  to: number;
  info: InfoRecord | null;
  questions: QuestionRecord[];
  counts: number[];
  gone: number[];
}

export interface MineMessage {
  type: 'mine';
  questions: QuestionRecord[];
  votes: number[];
  feedback: FeedbackRecord | null;
}

export interface OwnMessage {
  type: 'own';
  questions: QuestionRecord[];
}

export interface PresenceMessage {
  type: 'presence';
  here: number;
  peak: number;
}

export interface AckMessage {
  type: 'ack';
  id: CommandId;
  seq: number;
}

export interface RefusedMessage {
  type: 'refused';
  id: CommandId;
  refusal: Refusal;
  detail: number;
}

export interface ClosingMessage {
  type: 'closing';
  reason: CloseReason;
  retry_ms: number;
}

export interface PongMessage {
  type: 'pong';
  sent: number;
  now: number;
}

export interface MoreMessage {
  type: 'more';
  list: string;
  offset: number;
  total: number;
  questions: QuestionRecord[];
}

export type ServerMessage =
  | WelcomeMessage
  | SnapshotMessage
  | LiveMessage
  | MineMessage
  | OwnMessage
  | PresenceMessage
  | AckMessage
  | RefusedMessage
  | ClosingMessage
  | PongMessage
  | MoreMessage;

const decoders = new Map<unknown, (a: Wire) => ServerMessage>([
  ['welcome', (a) => ({
    type: 'welcome',
    role: a[1] as Role,
    page: a[2] as Page,
    participant: a[3] as number,
    token: a[4] as string,
    now: a[5] as number,
    heartbeat_ms: a[6] as number,
    resumed: a[7] as boolean,
  })],
  ['snapshot', (a) => ({
    type: 'snapshot',
    seq: a[1] as number,
    info: decodeInfo(a[2] as Wire),
    questions: (a[3] as Wire[]).map(decodeQuestion),
  })],
  ['live', (a) => ({
    type: 'live',
    from: a[1] as number,
    to: a[2] as number,
    info: a[3] === null ? null : decodeInfo(a[3] as Wire),
    questions: (a[4] as Wire[]).map(decodeQuestion),
    counts: a[5] as number[],
    gone: a[6] as number[],
  })],
  ['mine', (a) => ({
    type: 'mine',
    questions: (a[1] as Wire[]).map(decodeQuestion),
    votes: a[2] as number[],
    feedback: a[3] === null ? null : decodeFeedback(a[3] as Wire),
  })],
  ['own', (a) => ({
    type: 'own',
    questions: (a[1] as Wire[]).map(decodeQuestion),
  })],
  ['presence', (a) => ({
    type: 'presence',
    here: a[1] as number,
    peak: a[2] as number,
  })],
  ['ack', (a) => ({
    type: 'ack',
    id: commandId(a[1]),
    seq: a[2] as number,
  })],
  ['refused', (a) => ({
    type: 'refused',
    id: commandId(a[1]),
    refusal: a[2] as Refusal,
    detail: a[3] as number,
  })],
  ['closing', (a) => ({
    type: 'closing',
    reason: a[1] as CloseReason,
    retry_ms: a[2] as number,
  })],
  ['pong', (a) => ({
    type: 'pong',
    sent: a[1] as number,
    now: a[2] as number,
  })],
  ['more', (a) => ({
    type: 'more',
    list: a[1] as string,
    offset: a[2] as number,
    total: a[3] as number,
    questions: (a[4] as Wire[]).map(decodeQuestion),
  })],
]);

/** A decoded frame (an array) as a message; null when this client does not know it. */
export function decodeServerMessage(value: unknown): ServerMessage | null {
  if (!Array.isArray(value)) return null;
  return decoders.get(value[0])?.(value) ?? null;
}

export interface HelloRequest {
  type: 'hello';
  code: string;
  page: Page;
  held: number;
  token: string;
}

export interface PingRequest {
  type: 'ping';
  sent: number;
}

export interface MoreRequest {
  type: 'more';
  list: string;
  offset: number;
}

export type ClientMessage =
  | HelloRequest
  | PingRequest
  | MoreRequest;

export function encodeClientMessage(m: ClientMessage): unknown[] {
  switch (m.type) {
    case 'hello':
      return ['hello', m.code, m.page, m.held, m.token];
    case 'ping':
      return ['ping', m.sent];
    case 'more':
      return ['more', m.list, m.offset];
  }
}

export interface AskCommand {
  type: 'ask';
  text: string;
  name: string;
  anonymous: boolean;
}

export interface EditCommand {
  type: 'edit';
  question: number;
  text: string;
}

export interface WithdrawCommand {
  type: 'withdraw';
  question: number;
}

export interface VoteCommand {
  type: 'vote';
  question: number;
  on: boolean;
}

export interface FeedbackCommand {
  type: 'feedback';
  stars: number;
  recommend: number;
  text: string;
  name: string;
}

export interface ApproveCommand {
  type: 'approve';
  question: number;
  text: string;
}

export interface RejectCommand {
  type: 'reject';
  question: number;
  reason: Reason;
  note: string;
}

export interface StageCommand {
  type: 'stage';
  question: number;
}

export interface UnstageCommand {
  type: 'unstage';
  question: number;
}

export interface AnsweredCommand {
  type: 'answered';
  question: number;
}

export interface ReplyCommand {
  type: 'reply';
  question: number;
  text: string;
  private: boolean;
}

export interface ArchiveCommand {
  type: 'archive';
  question: number;
}

export interface RestoreCommand {
  type: 'restore';
  question: number;
  state: QuestionState;
}

export interface StateCommand {
  type: 'state';
  state: SessionState;
}

export interface PolicyCommand {
  type: 'policy';
  policy: Policy;
  value: number;
}

export interface DetailsCommand {
  type: 'details';
  title: string;
  description: string;
  starts_at: number;
  ends_at: number;
  timezone: string;
}

export type Command =
  | AskCommand
  | EditCommand
  | WithdrawCommand
  | VoteCommand
  | FeedbackCommand
  | ApproveCommand
  | RejectCommand
  | StageCommand
  | UnstageCommand
  | AnsweredCommand
  | ReplyCommand
  | ArchiveCommand
  | RestoreCommand
  | StateCommand
  | PolicyCommand
  | DetailsCommand;

export function encodeCommand(id: CommandId, m: Command): unknown[] {
  switch (m.type) {
    case 'ask':
      return ['ask', id, m.text, m.name, m.anonymous];
    case 'edit':
      return ['edit', id, m.question, m.text];
    case 'withdraw':
      return ['withdraw', id, m.question];
    case 'vote':
      return ['vote', id, m.question, m.on];
    case 'feedback':
      return ['feedback', id, m.stars, m.recommend, m.text, m.name];
    case 'approve':
      return ['approve', id, m.question, m.text];
    case 'reject':
      return ['reject', id, m.question, m.reason, m.note];
    case 'stage':
      return ['stage', id, m.question];
    case 'unstage':
      return ['unstage', id, m.question];
    case 'answered':
      return ['answered', id, m.question];
    case 'reply':
      return ['reply', id, m.question, m.text, m.private];
    case 'archive':
      return ['archive', id, m.question];
    case 'restore':
      return ['restore', id, m.question, m.state];
    case 'state':
      return ['state', id, m.state];
    case 'policy':
      return ['policy', id, m.policy, m.value];
    case 'details':
      return ['details', id, m.title, m.description, m.starts_at, m.ends_at, m.timezone];
  }
}
