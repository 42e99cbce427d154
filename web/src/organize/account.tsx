// Pages behind a sign-in are wrapped in <SignedIn>; without an account they send the reader to sign in and back.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Loading } from '../ui/Loading';
import { me } from './me';
import { ProblemNote } from './parts';
import { useResource } from './resource';
import type { Me } from './types';

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
