import { Trans, useLingui } from '@lingui/react/macro';
import { type Invitation, useInvitationsChanged, withdrawInvitation } from '../api/users.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';

/** Makes the code of an invitation good for nothing, ten seconds later, unless that is undone. */
export function InvitationWithdraw({ invitation }: { invitation: Invitation }) {
  const { t } = useLingui();
  const changed = useInvitationsChanged();
  const id = `invitation-withdraw/${invitation.id}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === id);
  const whose = invitation.email ?? t`somebody on paper`;
  return (
    <Button
      size="desk"
      look="danger"
      disabled={isEnding}
      aria-label={t`Withdraw the invitation: ${whose}`}
      onClick={() =>
        doUnlessUndone(id, t`The invitation of ${whose} will be withdrawn.`, async () => {
          await withdrawInvitation(invitation.id);
          await changed();
        })
      }
    >
      <Trans>Withdraw</Trans>
    </Button>
  );
}
