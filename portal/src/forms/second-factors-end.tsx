import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { useUsersChanged } from '../api/users.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';

/** For somebody who has lost telephone and recovery codes: app, codes and passkeys are gone, and they are signed out. */
export function SecondFactorsEnd({ user }: { user: User }) {
  const { t } = useLingui();
  const [isAsking, setAsking] = useState(false);
  const ending = useMutation({
    mutationFn: () => told(api.DELETE('/api/auth/users/{id}/second-factors', { params: { path: { id: user.id } } })),
    onSuccess: () => setAsking(false),
    onSettled: useUsersChanged(),
  });
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Lost telephone or passkey</Trans>
      </h2>
      {ending.isSuccess && (
        <Notice look="good" role="status" title={t`The second factors are removed`}>
          <p>
            <Trans>They sign in by their password, and set up another where their role needs one.</Trans>
          </p>
        </Notice>
      )}
      <div>
        <Button look="danger" onClick={() => setAsking(true)}>
          <Trans>Remove the second factors</Trans>
        </Button>
      </div>
      {isAsking && (
        <Dialog title={t`Remove the second factors of ${user.email}?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>
              Make sure who asks: see them, or call them back. The app that makes codes, its recovery codes and all
              passkeys are gone then, and they are signed out everywhere. This cannot be undone.
            </Trans>
          </p>
          {ending.error && <Failure error={ending.error} />}
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => ending.mutate()} isBusy={ending.isPending}>
              <Trans>Remove them</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Leave it as it is</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
