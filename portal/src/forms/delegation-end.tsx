import { Trans, useLingui } from '@lingui/react/macro';
import { endDelegation, useDelegationsChanged } from '../api/delegations.ts';
import type { Delegation } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';

/** Takes a delegation back, or gives it up, ten seconds later, unless that is undone. */
export function DelegationEnd({ delegation }: { delegation: Delegation }) {
  const { t } = useLingui();
  const changed = useDelegationsChanged();
  const id = `delegation-end/${delegation.id}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === id);
  const { delegateEmail } = delegation;
  return (
    <Button
      size="desk"
      look="danger"
      disabled={isEnding}
      aria-label={t`End it: ${delegateEmail}`}
      onClick={() =>
        doUnlessUndone(id, t`The delegation to ${delegateEmail} will end.`, async () => {
          await endDelegation(delegation.id);
          await changed();
        })
      }
    >
      <Trans>End it</Trans>
    </Button>
  );
}
