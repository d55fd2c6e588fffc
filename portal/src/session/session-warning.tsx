import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useCallback } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useIdle } from './idle.ts';
import { session } from './session.ts';
import { usePerson } from './use-session.ts';

/** Two minutes before somebody who has left the screen is signed out, says so; one key and they stay. */
export function SessionWarning() {
  const { t } = useLingui();
  const leave = useCallback(() => session.lock(), []);
  const { secondsLeft, stay } = useIdle(usePerson().sessionId, leave);
  if (secondsLeft === undefined) return null;
  // Said every half minute, and at the end, not every second.
  const said = secondsLeft > 30 ? Math.ceil(secondsLeft / 30) * 30 : secondsLeft;
  return (
    <Dialog title={t`Are you still there?`} onClose={stay}>
      <p>
        <span role="timer" aria-hidden="true">
          <Plural
            value={secondsLeft}
            one="You will be signed out in # second."
            other="You will be signed out in # seconds."
          />
        </span>
        <span className="sr-only" role="status">
          <Plural value={said} one="You will be signed out in # second." other="You will be signed out in # seconds." />
        </span>{' '}
        <Trans>What you typed is kept.</Trans>
      </p>
      <div className="flex flex-wrap gap-3">
        <Button look="main" onClick={stay} data-first>
          <Trans>Stay signed in</Trans>
        </Button>
        <Button onClick={leave}>
          <Trans>Leave now</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
