import { Trans, useLingui } from '@lingui/react/macro';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { passAnswerOn, session, signInWindow } from '../session/session.ts';
import { buttonLook } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Loading } from '../ui/remote.tsx';

/** Where the issuer leads back to. */
export function SignedIn() {
  const { t } = useLingui();
  const router = useRouter();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (window.name === signInWindow) return passAnswerOn();
    // The code is of no use any more, and need not stay in the history.
    session
      .finish(new URLSearchParams(location.search))
      .then((continueAt) => router.history.replace(continueAt), setError);
  }, [router]);
  return (
    <main className="mx-auto grid max-w-xl gap-6 p-6">
      {error === undefined ? (
        <Loading label={t`your sign-in`} />
      ) : (
        <>
          <Failure error={error} />
          <a href="/" className={buttonLook()}>
            <Trans>To the beginning</Trans>
          </a>
        </>
      )}
    </main>
  );
}
