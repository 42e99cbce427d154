// The entry: which address is which page. Every page is a chunk of its own.
import './ui/tokens.css';
import './ui/base.css';
import './ui/ui.css';
import { effect, useSignal } from '@preact/signals';
import { render, type ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { language, languageReady } from './i18n';
import { Announcer } from './ui/announce';
import { Failure } from './ui/Failure';
import { Loading } from './ui/Loading';
import { address } from './ui/router';
import { Toasts } from './ui/Toast';

interface PageProps {
  code?: string;
}
type Page = ComponentType<PageProps>;
type Module = { default: Page };

const organizer = () => import('./organize') as Promise<Module>;
const routes: readonly (readonly [RegExp, () => Promise<Module>])[] = [
  [/^\/$/, () => import('./pages/JoinPage')],
  [/^\/s\/(?<code>[^/]+)\/?$/, () => import('./pages/AttendeePage')],
  [/^\/s\/(?<code>[^/]+)\/host$/, () => import('./pages/HostPage')],
  [/^\/s\/(?<code>[^/]+)\/speaker$/, () => import('./pages/SpeakerPage')],
  [/^\/s\/(?<code>[^/]+)\/stage$/, () => import('./pages/StagePage')],
  [/^\/(organize(\/.*)?|sign-in|setup\/.+)$/, organizer],
];
const missing = () => import('./pages/MissingPage');

/** An address that was cut in the middle of a character has no such session either. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function routeOf(path: string) {
  for (const [pattern, load] of routes) {
    const match = pattern.exec(path);
    if (match) return { load, code: match.groups?.code ? decoded(match.groups.code) : undefined };
  }
  return { load: missing as () => Promise<Module>, code: undefined };
}

function App() {
  const route = routeOf(address.value.pathname);
  const page = useSignal<{ load: () => Promise<Module>; Page: Page } | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    let current = true;
    failed.value = false;
    route.load()
      .then(async (module) => {
        await languageReady();
        if (current) page.value = { load: route.load, Page: module.default };
      })
      .catch(() => { failed.value = current; });
    return () => { current = false; };
  }, [route.load]);
  if (failed.value) return <Failure />;
  if (page.value?.load !== route.load) return <Loading />;
  const { Page } = page.value;
  return <Page key={route.code} code={route.code} />;
}

effect(() => {
  document.documentElement.lang = language.value;
});

void languageReady().catch(() => undefined).then(() => {
  render(<><App /><Announcer /><Toasts /></>, document.getElementById('app')!);
});
