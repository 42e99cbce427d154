// The organizer's part: which address is which page. Each page is a chunk of its own.
import './organize.css';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../ui/Failure';
import { Loading } from '../ui/Loading';
import { address } from '../ui/router';
import { SignedIn } from './account';

/** `id` is the number or the token in the address. */
export interface PageProps {
  id: string;
}
type Page = ComponentType<PageProps>;
type Load = () => Promise<{ default: Page }>;

interface Route {
  path: RegExp;
  load: Load;
  open?: boolean; // for everybody; the others need an account
}

const routes: readonly Route[] = [
  { path: /^\/setup\/([^/]+)\/?$/, load: () => import('./SetupPage'), open: true },
  { path: /^\/sign-in\/?$/, load: () => import('./SignInPage'), open: true },
  { path: /^\/organize\/?$/, load: () => import('./EventsPage') },
  { path: /^\/organize\/events\/(\d+)\/?$/, load: () => import('./EventPage') },
  { path: /^\/organize\/sessions\/(\d+)\/?$/, load: () => import('./SessionPage') },
  { path: /^\/organize\/sessions\/(\d+)\/review\/?$/, load: () => import('./ReviewPage') },
];
const missing: Route = { path: /^/, load: () => import('./MissingPage'), open: true };

/** The link that led here is gone, and the focus with it; on the first page it is where the browser put it. */
const arrival = address.value;
const moved = () => address.value !== arrival && document.activeElement === document.body;

function Chunk({ load, id }: { load: Load; id: string }) {
  const [loaded, setLoaded] = useState<{ load: Load; Page: Page } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    load().then(({ default: Page }) => current && setLoaded({ load, Page }), () => current && setFailed(true));
    return () => { current = false; };
  }, [load]);
  useEffect(() => {
    if (loaded && loaded.load === load && moved()) document.getElementById('main')?.focus({ preventScroll: true });
  }, [loaded, load, id]);
  if (failed) return <Failure />;
  if (loaded?.load !== load) return <Loading />;
  const { Page } = loaded;
  return <Page key={id} id={id} />;
}

export default function Organize() {
  const { pathname } = address.value;
  const route = routes.find(({ path }) => path.test(pathname)) ?? missing;
  const id = route.path.exec(pathname)?.[1] ?? '';
  const page = <Chunk load={route.load} id={id} />;
  return route.open ? page : <SignedIn>{page}</SignedIn>;
}
