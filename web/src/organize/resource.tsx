// What a page reads from the server: one answer with its loading, failing and reloading. An answer that is there stays
// on the page while a newer one is on its way or fails to come.
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiError } from '../net/api';
import { Loading } from '../ui/Loading';
import { navigate } from '../ui/router';
import { me, signInPath } from './me';
import { NotFound, ProblemNote } from './parts';

export interface Resource<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  /** When `data` came. */
  at: number;
  reload(): void;
}

interface Held<T> {
  path: string;
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  at: number;
}

export function useResource<T>(path: string): Resource<T> {
  const fresh: Held<T> = { path, data: null, error: null, loading: true, at: 0 };
  const [kept, setHeld] = useState(fresh);
  const running = useRef<AbortController | null>(null);
  const held = kept.path === path ? kept : fresh;
  const shown = useRef(false);
  shown.current = held.data !== null;
  const reload = useCallback(() => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    const put = (change: Partial<Held<T>>) => {
      if (!signal.aborted) setHeld((old) => ({ ...(old.path === path ? old : fresh), loading: false, error: null, ...change }));
    };
    put({ loading: true });
    api<T>('GET', path, undefined, signal).then((data) => put({ data, at: Date.now() }), (cause: unknown) => {
      if (signal.aborted) return;
      const error = cause instanceof ApiError ? cause : new ApiError('internal', 0);
      if (error.status === 401 && !shown.current) { // what is shown may hold something half typed
        navigate(signInPath(), { replace: true });
        me.value = null;
      }
      put({ error });
    });
  }, [path]);
  useEffect(() => {
    reload();
    return () => running.current?.abort();
  }, [reload]);
  return { data: held.data, error: held.error, loading: held.loading, at: held.at, reload };
}

interface LoadedProps<T> {
  of: Resource<T>;
  children(data: T): ComponentChildren;
}

/** The page of an answer: loading, what went wrong, or the answer (with what went wrong on refreshing it). */
export function Loaded<T>({ of, children }: LoadedProps<T>) {
  if (of.data === null && of.error?.status === 404) return <NotFound />;
  return (
    <div class="stack" aria-busy={of.loading}>
      {of.error && <ProblemNote error={of.error} retry={of.reload} />}
      {of.data !== null ? children(of.data) : !of.error && <Loading />}
    </div>
  );
}
