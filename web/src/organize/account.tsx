// Who is signed in. Pages behind a sign-in are wrapped in <SignedIn>; without an account they send the reader to sign in
// and back.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { api, ApiError } from '../net/api';
import { Loading } from '../ui/Loading';
import { address, navigate } from '../ui/router';
import { ProblemNote } from './parts';
import { useResource } from './resource';
import type { Me } from './types';

export const me = signal<Me | null>(null);

export function signInPath(): string {
  const { pathname, search } = address.value;
  return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}

/** Organizers and owners of the organization plan; others look. */
export function mayPlan(organization: number): boolean {
  const found = me.value?.organizations.find(({ id }) => id === organization);
  return found !== undefined && found.role !== 'member';
}

export async function signOut(path: 'sign-out' | 'sign-out-everywhere'): Promise<void> {
  await api('POST', path).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  });
  me.value = null;
  navigate('/sign-in');
}

function AskWhoIsThere() {
  const answer = useResource<Me>('me');
  const { data } = answer;
  useEffect(() => {
    if (data) me.value = data;
  }, [data]);
  return answer.error && answer.error.status !== 401 ? <main><ProblemNote error={answer.error} retry={answer.reload} /></main> : <Loading />;
}

export function SignedIn({ children }: { children: ComponentChildren }) {
  return me.value ? <>{children}</> : <AskWhoIsThere />;
}
