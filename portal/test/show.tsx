import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';
import { messages as english } from '../src/languages/en.po';
import { messages as french } from '../src/languages/fr.po';

/** Shows something as the portal would, in a language. */
export function show(what: ReactNode, language: 'en' | 'fr' = 'en') {
  i18n.load({ en: english, fr: french });
  i18n.activate(language);
  onTestFinished(cleanup);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>{what}</QueryClientProvider>
    </I18nProvider>,
  );
}
