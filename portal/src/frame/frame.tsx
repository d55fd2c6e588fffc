import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isPassing } from '../api/problem.ts';
import { CopyOffered } from '../outage/copy-state.tsx';
import { useHourlyCopy } from '../outage/keep-copy.ts';
import { SignedOut } from '../pages/signed-out.tsx';
import { useHat } from '../session/hat.ts';
import { session } from '../session/session.ts';
import { SessionWarning } from '../session/session-warning.tsx';
import { SignInAgain } from '../session/sign-in-again.tsx';
import { usePerson, useSession } from '../session/use-session.ts';
import { Failure } from '../ui/failure.tsx';
import { Loading } from '../ui/remote.tsx';
import { HatChoice } from './hat-choice.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { Navigation } from './navigation.tsx';
import { SignOut } from './sign-out.tsx';
import { UndoBar, Unsent } from './undo-bar.tsx';

const triedAgainSeconds = 15;

/** Around every page for people who are signed in: shows it to nobody else, and stays when their sign-in ends. */
export function Frame() {
  const { t } = useLingui();
  const state = useSession();
  useEffect(() => {
    // Mostly it was asked before there was a page (`begin.ts`); what failed then is asked again by who reads that.
    if (session.current().is === 'unknown') void session.find();
  }, []);
  if (state.is === 'unknown')
    return (
      <div className="mx-auto max-w-xl p-6">
        <Loading label={t`your sign-in`} />
      </div>
    );
  if (state.is === 'unreachable') return <Unreachable error={state.error} />;
  if (state.is === 'signed-out') return <SignedOut />;
  return (
    <>
      <Inside />
      {state.is === 'ended' ? (
        <SignInAgain error={state.error}>
          <Unsent />
        </SignInAgain>
      ) : (
        <SessionWarning />
      )}
    </>
  );
}

/** What is away comes back, and nobody has to watch for it: it is tried again by itself. */
function Unreachable({ error }: { error: unknown }) {
  const isAway = isPassing(error);
  useEffect(() => {
    if (!isAway) return;
    const timer = setInterval(() => void session.find(), triedAgainSeconds * 1_000);
    return () => clearInterval(timer);
  }, [isAway]);
  return (
    <div className="mx-auto max-w-xl p-6">
      <Failure error={error} onRetry={() => session.find()} />
      <CopyOffered />
    </div>
  );
}

function Inside() {
  const person = usePerson();
  const hat = useHat(person);
  useHourlyCopy();
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto]">
      <header className="unprinted border-b border-line bg-surface">
        <a href="#content" className="sr-only focus:not-sr-only">
          <Trans>To the content</Trans>
        </a>
        <div className="mx-auto flex flex-wrap items-center gap-1 px-2 py-2 tablet:gap-x-6 tablet:px-4">
          <Link to="/" className="flex items-center gap-2 font-semibold text-ink no-underline">
            <img src="/icon.svg" alt="" width="28" height="28" />
            <span className="sr-only tablet:not-sr-only">Cabinet</span>
          </Link>
          {hat && <Navigation hat={hat} person={person} />}
          <div className="ml-auto flex flex-wrap items-center gap-1.5 text-sm tablet:gap-3">
            {person.roles.length > 1 && hat && <HatChoice person={person} hat={hat} />}
            <LanguageChoice />
            <Link to="/account" className="flex min-h-9 items-center text-ink" title={person.email}>
              <Trans>My account</Trans>
            </Link>
            <SignOut />
          </div>
        </div>
      </header>
      <Outlet />
      <UndoBar />
    </div>
  );
}
