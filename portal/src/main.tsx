import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { showLanguage } from './languages.ts';
import { router } from './routes.tsx';
import './look/portal.css';

// Whoever lacks it is helped by `public/start.js`.
await showLanguage();
const portal = document.getElementById('portal') as HTMLElement;
portal.removeAttribute('aria-busy');
createRoot(portal).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
