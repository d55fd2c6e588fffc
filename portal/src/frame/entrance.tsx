import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LanguageChoice } from './language-choice.tsx';

/** Around what is shown to people who are not signed in. */
export const Entrance = ({ children }: { children: ReactNode }) => (
  <div className="grid min-h-dvh grid-rows-[auto_1fr]">
    <header className="flex items-center justify-between px-4 py-3">
      <Link to="/" className="flex items-center gap-2 font-semibold text-ink no-underline">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Cabinet
      </Link>
      <LanguageChoice />
    </header>
    {children}
  </div>
);
