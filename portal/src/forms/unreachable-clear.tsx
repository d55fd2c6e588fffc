import { Trans, useLingui } from '@lingui/react/macro';
import type { UnreachableAddress } from '../api/types.ts';
import { clearUnreachable, useUnreachableChanged } from '../api/unreachable.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';

/** Says that an address works after all, ten seconds later unless that is undone: what is written from then on goes there. */
export function UnreachableClear({ address, name }: { address: UnreachableAddress; name: string }) {
  const { t } = useLingui();
  const changed = useUnreachableChanged();
  const id = `unreachable-clear/${address.id}`;
  const { waiting, underWay } = useDelayed();
  const isLeaving = [...waiting, ...underWay].some((each) => each.id === id);
  return (
    <Button
      size="desk"
      disabled={isLeaving}
      aria-label={t`Write there again: ${name}`}
      onClick={() =>
        doUnlessUndone(id, t`It will be written there again.`, async () => {
          await clearUnreachable(address.id);
          await changed();
        })
      }
    >
      <Trans>Write there again</Trans>
    </Button>
  );
}
