import { useLingui } from '@lingui/react/macro';
import { chooseLanguage, languages } from '../languages.ts';

/** The name of a language in itself: who cannot read this page finds theirs. */
const nameOf = (language: string): string => {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
};

export function LanguageChoice() {
  const { i18n, t } = useLingui();
  return (
    <select
      aria-label={t`Language`}
      value={i18n.locale}
      onChange={(event) => chooseLanguage(event.target.value)}
      className="min-h-9 rounded-field border border-line bg-surface px-2 text-sm"
    >
      {languages.map((language) => (
        <option key={language} value={language} lang={language}>
          {nameOf(language)}
        </option>
      ))}
    </select>
  );
}
