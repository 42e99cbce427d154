import { language, languages, setLanguage, t, type Language } from '../i18n';

export function LanguageSwitch() {
  return (
    <select class="mini-select" aria-label={t('common.language')} value={language.value}
      onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
      {Object.entries(languages).map(([tag, name]) => <option key={tag} value={tag} lang={tag}>{name}</option>)}
    </select>
  );
}
