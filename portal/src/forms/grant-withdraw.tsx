import { Trans, useLingui } from '@lingui/react/macro';
import { useGrantsChanged, withdrawGrant } from '../api/grants.ts';
import type { Grant } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';

interface Props {
  patientId: string;
  grant: Grant;
  /** Of the practitioner. */
  name: string;
}

/** Takes it back, ten seconds later unless that is undone, that a practitioner may read a record. */
export function GrantWithdraw({ patientId, grant, name }: Props) {
  const { t } = useLingui();
  const changed = useGrantsChanged(patientId);
  const id = `grant-withdraw/${grant.id}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === id);
  return (
    <Button
      size="desk"
      look="danger"
      disabled={isEnding}
      aria-label={t`Take back: ${name}`}
      onClick={() =>
        doUnlessUndone(id, t`${name} will no longer be let in by name.`, async () => {
          await withdrawGrant(patientId, grant.id);
          await changed();
        })
      }
    >
      <Trans>Take back</Trans>
    </Button>
  );
}
