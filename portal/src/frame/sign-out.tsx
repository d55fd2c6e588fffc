import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { signOut } from '../session/sign-out.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { finishAll } from './delayed.ts';

/** Signs out in one click. What waits to be undone is done before; when it cannot be, that stands at the foot, and they stay. */
export function SignOut() {
  const { t } = useLingui();
  const [isLeaving, setLeaving] = useState(false);
  const [error, setError] = useState<unknown>();

  async function leave() {
    setError(undefined);
    setLeaving(true);
    try {
      if (await finishAll()) await signOut();
    } catch (failure) {
      setError(failure);
    } finally {
      setLeaving(false);
    }
  }

  return (
    <>
      <button
        type="button"
        onClick={() => !isLeaving && leave()}
        aria-disabled={isLeaving || undefined}
        className="min-h-9 cursor-pointer font-semibold text-accent"
      >
        <Trans>Sign out</Trans>
      </button>
      {error !== undefined && (
        <Dialog title={t`You are still signed in`} onClose={() => setError(undefined)}>
          <Failure error={error} onRetry={leave} />
        </Dialog>
      )}
    </>
  );
}
