import { Trans, useLingui } from '@lingui/react/macro';
import type { Waiting } from '../api/types.ts';
import { leaveWaitingList, useWaitingChanged } from '../api/waiting-list.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';

const idOf = (waiting: Waiting) => `waiting-leave/${waiting.id}`;

/** Whether somebody is about to leave the list, and can still think better of it. */
export const useIsLeaving = (waiting: Waiting): boolean => useDelayed().waiting.some(({ id }) => id === idOf(waiting));

/** Takes a patient off the list ten seconds later, unless that is undone. */
export function WaitingLeave({ waiting, patientName }: { waiting: Waiting; patientName?: string }) {
  const { t } = useLingui();
  const changed = useWaitingChanged();
  const isStaff = useHat(usePerson()) !== 'patient';
  const isLeaving = useIsLeaving(waiting);
  const says = patientName
    ? t`${patientName} will be taken off this list.`
    : t`The place on this waiting list will be given up.`;
  return (
    <Button
      look="danger"
      size={isStaff ? 'desk' : 'large'}
      disabled={isLeaving}
      aria-label={isStaff && patientName ? t`Take off the list: ${patientName}` : undefined}
      onClick={() =>
        doUnlessUndone(idOf(waiting), says, async () => {
          changed(await leaveWaitingList(waiting));
        })
      }
    >
      {isStaff ? <Trans>Take off the list</Trans> : <Trans>Wait no longer</Trans>}
    </Button>
  );
}
