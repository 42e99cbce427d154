// The stage has no controls: what it looks like is said in its address (?lang=zh-CN, ?theme=dark, ?overlay=1) and holds
// for this page only. Nothing of it is stored.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { chooseLanguage, language, languageReady } from '../../i18n';

export interface Display {
  lang: string | null;
  theme: 'light' | 'dark' | null;
  overlay: boolean;
}

export function displayOf(search: string): Display {
  const params = new URLSearchParams(search);
  const theme = params.get('theme');
  const overlay = params.get('overlay');
  return {
    lang: params.get('lang'),
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    overlay: overlay !== null && overlay !== '0',
  };
}

/** Puts the address's wishes into effect while the page is shown. false: its language is not there yet. */
export function useDisplay(display: Display): boolean {
  const ready = useSignal(display.lang === null);
  useLayoutEffect(() => {
    const root = document.documentElement;
    const before = { language: language.peek(), theme: root.dataset.theme };
    if (display.lang !== null) {
      language.value = chooseLanguage([display.lang, ...navigator.languages]);
      void languageReady().catch(() => undefined).then(() => { ready.value = true; });
    }
    if (display.theme) root.dataset.theme = display.theme;
    root.toggleAttribute('data-overlay', display.overlay);
    return () => {
      language.value = before.language;
      if (before.theme) root.dataset.theme = before.theme;
      else delete root.dataset.theme;
      root.removeAttribute('data-overlay');
    };
  }, []);
  return ready.value;
}

const idleMs = 3000;

/** No pointer in the picture unless somebody moves it. */
export function useIdleCursor(): void {
  useEffect(() => {
    const root = document.documentElement;
    let timer: ReturnType<typeof setTimeout>;
    const moved = () => {
      root.removeAttribute('data-idle');
      clearTimeout(timer);
      timer = setTimeout(() => root.setAttribute('data-idle', ''), idleMs);
    };
    moved();
    addEventListener('pointermove', moved);
    return () => {
      removeEventListener('pointermove', moved);
      clearTimeout(timer);
      root.removeAttribute('data-idle');
    };
  }, []);
}
