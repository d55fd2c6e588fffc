import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { changeUser, useUsersChanged } from '../api/users.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';

/** Signs somebody out everywhere, lets them in no more, or in again: within ten seconds it counts everywhere. */
export function UserAccess({ user }: { user: User }) {
  const { t } = useLingui();
  const changed = useUsersChanged();
  const isSelf = usePerson().id === user.id;
  const [isAsking, setAsking] = useState(false);
  const ending = useMutation({
    mutationFn: () => told(api.DELETE('/api/auth/users/{id}/sessions', { params: { path: { id: user.id } } })),
    onSettled: changed,
  });
  const changing = useMutation({
    mutationFn: (active: boolean) => changeUser(user, { active }),
    onSuccess: () => setAsking(false),
    onSettled: changed,
  });
  return (
    <>
      {ending.isSuccess && (
        <span role="status" className="text-sm text-good">
          <Trans>signed out everywhere</Trans>
        </span>
      )}
      <Button
        size="desk"
        onClick={() => ending.mutate()}
        isBusy={ending.isPending}
        aria-label={t`Sign out everywhere: ${user.email}`}
      >
        <Trans>Sign out everywhere</Trans>
      </Button>
      {user.active ? (
        <Button
          size="desk"
          look="danger"
          disabled={isSelf}
          onClick={() => setAsking(true)}
          aria-label={t`Let in no more: ${user.email}`}
        >
          <Trans>Let in no more</Trans>
        </Button>
      ) : (
        <Button
          size="desk"
          onClick={() => changing.mutate(true)}
          isBusy={changing.isPending}
          aria-label={t`Let in again: ${user.email}`}
        >
          <Trans>Let in again</Trans>
        </Button>
      )}
      {(ending.error || (changing.error && !isAsking)) && <Failure error={ending.error ?? changing.error} />}
      {isAsking && (
        <Dialog title={t`Let ${user.email} in no more?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>They are signed out everywhere within ten seconds. You can let them in again.</Trans>
          </p>
          {changing.error && <Failure error={changing.error} />}
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => changing.mutate(false)} isBusy={changing.isPending}>
              <Trans>Let in no more</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Leave it as it is</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
