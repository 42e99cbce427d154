// What every page but the stage has around it: title, skip link, main, and the switches at the foot.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n';
import { LanguageSwitch } from './LanguageSwitch';
import { ThemeSwitch } from './ThemeSwitch';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Lectern` : 'Lectern';
  }, [title]);
}

interface FrameProps {
  title: string;
  head?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

export function Frame({ title, head, wide, children }: FrameProps) {
  useTitle(title);
  return (
    <div class="frame" data-wide={wide || undefined}>
      <a class="skip-link" href="#main">{t('common.skip')}</a>
      {head}
      <main id="main" tabIndex={-1}>{children}</main>
      <footer class="frame-foot">
        <span>Lectern</span>
        <span class="row">
          <ThemeSwitch />
          <LanguageSwitch />
        </span>
      </footer>
    </div>
  );
}
