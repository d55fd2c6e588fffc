import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { problemOf } from '../api/problem.ts';
import { session } from '../session/session.ts';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { Notice } from './notice.tsx';

/**
 * What failed; where it asks for a sign-in of the last fifteen minutes, the way to one over the page.
 * @param onAgain what was wanted, done anew once they have signed in
 */
export function FailureOrSignIn({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const { t } = useLingui();
  const [failed, setFailed] = useState<unknown>();
  if (problemOf(error)?.code !== 'AUTH.SIGN_IN_AGAIN') return <Failure error={error} />;
  return (
    <Notice look="warn" role="alert" title={t`Sign in once more to change this`}>
      <p>
        <Trans>So nobody else can do it at a screen that you left. Nothing on this page is lost.</Trans>
      </p>
      {failed !== undefined && <Failure error={failed} />}
      <div>
        <Button look="main" onClick={() => session.signInAgain().then(onAgain, setFailed)}>
          <Trans>Sign in and go on</Trans>
        </Button>
      </div>
    </Notice>
  );
}
