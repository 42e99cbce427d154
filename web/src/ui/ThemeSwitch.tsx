// Light, dark, or as the system says. The choice is an attribute of <html>, which tokens.css reads.
import { effect, signal } from '@preact/signals';
import { t } from '../i18n';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const storageKey = 'lectern.theme';

function stored(): Theme {
  try {
    const value = localStorage.getItem(storageKey) as Theme;
    return themes.includes(value) ? value : 'auto';
  } catch {
    return 'auto';
  }
}

const theme = signal<Theme>(stored());

effect(() => {
  if (theme.value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});

function choose(next: Theme): void {
  theme.value = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch { /* it holds for this visit */ }
}

export function ThemeSwitch() {
  return (
    <select class="mini-select" aria-label={t('common.theme')} value={theme.value}
      onChange={(event) => choose(event.currentTarget.value as Theme)}>
      {themes.map((name) => <option key={name} value={name}>{t(`theme.${name}`)}</option>)}
    </select>
  );
}
