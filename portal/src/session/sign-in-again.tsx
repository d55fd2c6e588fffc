import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { session } from './session.ts';
import { signOut } from './sign-out.ts';
import { usePerson } from './use-session.ts';

interface Props {
  /** Why the page could not go on though somebody has signed in. */
  error?: unknown;
  /** What else waits. */
  children?: ReactNode;
}

/** Over the page, which stays as it is: what was typed and what was sent waits until the same person has signed in again. */
export function SignInAgain({ error, children }: Props) {
  const { t } = useLingui();
  const { email } = usePerson();
  const [failure, setFailure] = useState<unknown>();

  function doing(what: () => Promise<void>) {
    setFailure(undefined);
    what().catch(setFailure);
  }

  return (
    <Dialog title={t`Sign in again to go on`} covers>
      <p>
        <Trans>Your sign-in as {email} has ended. What you typed is kept, and goes on where it was.</Trans>
      </p>
      {children}
      <p className="text-sm text-quiet">
        <Trans>Somebody else who signs in here begins with a page of their own.</Trans>
      </p>
      {failure !== undefined && <Failure error={failure} />}
      {failure === undefined && error !== undefined && <Failure error={error} onRetry={() => session.comeBack()} />}
      <div className="flex flex-wrap gap-3">
        <Button look="main" onClick={() => doing(() => session.signInAgain())}>
          <Trans>Sign in</Trans>
        </Button>
        <Button onClick={() => doing(signOut)}>
          <Trans>Leave this page</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
