import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { reportFailure } from './api/page-failures.ts';
import { queryClient } from './api/query-client.ts';
import { Warnings } from './frame/warnings.tsx';
import { showLanguage } from './languages.ts';
import { router } from './routes.tsx';
import './look/portal.css';

const pageNow = () => router.state.matches.at(-1)?.fullPath ?? '/';

async function begin() {
  // Whoever lacks it is helped by `public/start.js`.
  await showLanguage();
  const portal = document.getElementById('portal') as HTMLElement;
  portal.removeAttribute('aria-busy');
  const failed = (error: unknown) => {
    reportFailure(error, pageNow());
    dispatchEvent(new Event('cabinet:failed'));
  };
  createRoot(portal, { onUncaughtError: failed }).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <Warnings pageNow={pageNow} />
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  );
}

// It says then why there is nothing.
if (!('cannot' in document.documentElement.dataset)) await begin();
