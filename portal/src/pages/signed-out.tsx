import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Entrance } from '../frame/entrance.tsx';
import { hasAskedToSignIn } from '../session/led-on.ts';
import { session } from '../session/session.ts';
import { useSession } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';

/** What somebody sees who is not signed in, at any address: signing in leads back to it. */
export function SignedOut() {
  const { t } = useLingui();
  const [error, setError] = useState<unknown>();
  const [isLeaving, setLeaving] = useState(false);
  const state = useSession();
  const elsewhere = state.is === 'signed-out' ? state.elsewhere : undefined;
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for who was led on from another address.
  useEffect(() => {
    if (hasAskedToSignIn()) signIn();
  }, []);

  return (
    <Entrance>
      <main className="mx-auto grid max-w-xl content-center gap-6 p-6 pb-24">
        <h1>
          <Trans>Your practice, without the telephone</Trans>
        </h1>
        <p className="text-lg text-quiet">
          <Trans>Book and move appointments, see who looked at your record, and keep your details right.</Trans>
        </p>
        {elsewhere && (
          <Notice title={<Trans>People sign in at another address of the practice</Trans>}>
            <p>
              <Trans>
                That is <strong>{elsewhere}</strong>. The button leads there; keep that address for the next time.
              </Trans>
            </p>
          </Notice>
        )}
        {error !== undefined && <Failure error={error} onRetry={signIn} />}
        <div>
          <Button look="main" onClick={signIn} isBusy={isLeaving}>
            <Trans>Sign in</Trans>
          </Button>
        </div>
        <ul className="grid gap-2">
          <li>
            <Link to="/register">
              <Trans>New here? Register as a patient</Trans>
            </Link>
          </li>
          <li>
            <Link to="/invitation">
              <Trans>The practice has invited me</Trans>
            </Link>
          </li>
          <li>
            <Link to="/password">
              <Trans>I do not know my password any more</Trans>
            </Link>
          </li>
        </ul>
        <p className="text-sm text-quiet">
          <Trans>In an emergency telephone 15 or 112. Nobody watches this page.</Trans>
        </p>
      </main>
    </Entrance>
  );
}
