// The signed-in account, known to all pages of the organizer.
import { signal } from '@preact/signals';
import { api, ApiError } from '../net/api';
import { address, navigate } from '../ui/router';
import { dropDrafts } from './draft';
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
  await api('POST', path, {}).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  });
  dropDrafts();
  navigate('/sign-in');
  me.value = null;
}
