import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { LanguageChoice } from '../frame/language-choice.tsx';
import { session } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';

/** What somebody sees who is not signed in, at any address: signing in leads back to it. */
export function SignedOut() {
  const { t } = useLingui();
  const [error, setError] = useState<unknown>();
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    document.title = `${t`Sign in`} – Cabinet`;
  }, [t]);

  function signIn() {
    setError(undefined);
    setLeaving(true);
    session.signIn(location.pathname + location.search).catch((failure: unknown) => {
      setLeaving(false);
      setError(failure);
    });
  }

  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="flex items-center justify-between px-4 py-3">
        <span className="flex items-center gap-2 font-semibold">
          <img src="/icon.svg" alt="" width="28" height="28" />
          Cabinet
        </span>
        <LanguageChoice />
      </header>
      <main className="mx-auto grid max-w-xl content-center gap-6 p-6 pb-24">
        <h1>
          <Trans>Your practice, without the telephone</Trans>
        </h1>
        <p className="text-lg text-quiet">
          <Trans>Book and move appointments, see who looked at your record, and keep your details right.</Trans>
        </p>
        {error !== undefined && <Failure error={error} onRetry={signIn} />}
        <div>
          <Button look="main" onClick={signIn} isBusy={isLeaving}>
            <Trans>Sign in</Trans>
          </Button>
        </div>
        <p className="text-sm text-quiet">
          <Trans>In an emergency telephone 15 or 112. Nobody watches this page.</Trans>
        </p>
      </main>
    </div>
  );
}
