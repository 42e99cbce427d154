// What the organizer's API answers. Times are Unix milliseconds.
import type { MemberRole, Policy, QuestionState, Reason, Role, SessionState } from '../net/protocol.gen';

export interface Named {
  id: number;
  name: string;
}

export interface Me extends Named {
  email: string;
  organizations: (Named & { role: MemberRole })[];
}

interface EventHead {
  id: number;
  organization: Named;
  title: string;
  description: string;
}

export interface EventRow extends EventHead {
  sessions: number;
}

export interface EventPage extends EventHead {
  sessions: Session[];
}

export interface Session {
  id: number;
  event: { id: number; title: string };
  organization: Named;
  code: string;
  title: string;
  description: string;
  starts_at: number | null;
  ends_at: number | null;
  timezone: string;
  state: SessionState;
  policies: Partial<Record<Policy, number>>;
  role: Role;
  live_at: number | null;
  ended_at: number | null;
  questions: number;
  responses: number;
}

export interface RoleLink {
  id: number;
  role: Role;
  label: string;
  url?: string; // only in the answer that made it
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

export interface ReviewQuestion {
  id: number;
  text: string;
  state: QuestionState;
  votes: number;
  name: string;
  asked_at: number;
  published_at: number | null;
  staged_at: number | null;
  answered_at: number | null;
  reply: string;
  reply_private: boolean;
  reason: Reason;
  note: string;
}

export interface ReviewComment {
  text: string;
  stars: number | null;
  recommend: number | null;
  at: number;
  name: string;
}

export interface ReviewFeedback {
  n: number;
  stars: number[];
  stars_mean: number | null;
  recommend: { n: number; score: number | null; promoters: number; passives: number; detractors: number };
  comments: ReviewComment[];
  comments_hidden: boolean;
}

export interface Review {
  session: Session;
  reach: { unique: number; peak: number; curve: [number, number][]; first_at: number | null; last_at: number | null };
  activity: { askers: number; voters: number; readers: number };
  totals: { questions: number; votes: number; answered: number; unanswered: number; rejected: number; withdrawn: number };
  answered_share: number | null;
  median_answer_ms: number | null;
  unmet: { questions: number; votes: number };
  questions: ReviewQuestion[];
  feedback: ReviewFeedback;
}
