import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { reportFailure } from './api/page-failures.ts';
import { queryClient } from './api/query-client.ts';
import { begun } from './begin.ts';
import { beginningOf } from './frame/beginning.ts';
import { Warnings } from './frame/warnings.tsx';
import { router } from './routes.tsx';
import { hatOf } from './session/hat.ts';
import { session } from './session/session.ts';
import './look/portal.css';

const pageNow = () => router.state.matches.at(-1)?.fullPath ?? '/';

function showPortal(): void {
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

/** Whoever is known by now is shown where they begin, and not first what leads there. */
function goToBeginning(): void {
  const state = session.current();
  if (location.pathname !== '/' || state.is !== 'signed-in') return;
  const beginning = beginningOf(state.person, hatOf(state.person));
  if (beginning) router.history.replace(router.buildLocation(beginning).href);
}

if (await begun) {
  goToBeginning();
  showPortal();
}
