import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { session } from './session.ts';
import { usePerson } from './use-session.ts';

/** Over the page, which stays as it is: what was typed and what was sent waits until the same person has signed in again. */
export function SignInAgain() {
  const { t } = useLingui();
  const { email } = usePerson();
  const [error, setError] = useState<unknown>();
  return (
    <Dialog title={t`Sign in again to go on`} covers>
      <p>
        <Trans>Your sign-in as {email} has ended. What you typed is kept, and goes on where it was.</Trans>
      </p>
      <p className="text-sm text-quiet">
        <Trans>Somebody else who signs in here begins with a page of their own.</Trans>
      </p>
      {error !== undefined && <Failure error={error} />}
      <div className="flex flex-wrap gap-3">
        <Button look="main" onClick={() => session.signInAgain().catch(setError)}>
          <Trans>Sign in</Trans>
        </Button>
        <Button onClick={() => session.signOut()}>
          <Trans>Leave this page</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
