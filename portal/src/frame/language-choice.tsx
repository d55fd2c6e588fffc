import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { chooseLanguage, languages } from '../languages.ts';
import { Button } from '../ui/button.tsx';

/** The name of a language in itself: who cannot read this page finds theirs. */
const nameOf = (language: string): string => {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
};

/** @param choose remembers a language and shows it; rejects when it cannot be shown on this page any more */
export function LanguageChoice({ choose = chooseLanguage }: { choose?: (language: string) => Promise<void> }) {
  const { i18n, t } = useLingui();
  const [missing, setMissing] = useState<string>();
  const show = (language: string) => {
    setMissing(undefined);
    choose(language).catch(() => setMissing(language));
  };
  return (
    <>
      <select
        aria-label={t`Language`}
        value={missing ?? i18n.locale}
        onChange={(event) => show(event.target.value)}
        className="min-h-9 rounded-field border border-line bg-surface px-1 text-sm tablet:px-2"
      >
        {languages.map((language) => (
          <option key={language} value={language} lang={language}>
            {nameOf(language)}
          </option>
        ))}
      </select>
      {missing && (
        <span role="alert" className="flex flex-wrap items-center gap-2">
          <Trans>
            This language could not be loaded. Send what you typed first, then load the page again to have it.
          </Trans>
          <Button size="desk" onClick={() => location.reload()}>
            <Trans>Load again</Trans>
          </Button>
        </span>
      )}
    </>
  );
}
