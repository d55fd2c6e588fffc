import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect } from 'react';
import { nameOfPractitioner } from '../api/practitioners.ts';
import { useExplained } from '../api/slots.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TimeRefused } from './time-refused.tsx';
import { useMove } from './use-move.ts';

interface Props {
  appointment: Appointment;
  practitioner: Practitioner;
  /** The kind of visit of that practitioner. */
  appointmentTypeId: string;
  start: string;
  onClose: () => void;
}

const nothing = { why: '' };

/**
 * Moves an appointment to where it was put down, by a key or by a pointer. A time that is offered asks nothing more; of any other it says
 * why not, what is free nearest, and lets the desk force it with a reason.
 */
export function AppointmentMoveTo({ appointment, practitioner, appointmentTypeId, start, onClose }: Props) {
  const { t } = useLingui();
  const move = useMove();
  const draft = useDraft(`appointment-move-to/${appointment.id}`, nothing);
  const query = { practitionerId: practitioner.id, appointmentTypeId, at: start };
  const answer = useExplained(query, appointment);
  // What was known before may be over: only what was asked now counts.
  const isOffered = answer.isFetching ? undefined : answer.data?.isOffered;
  function moveTo(where: { start: string; reason?: string }) {
    move(appointment, { ...where, practitioner, appointmentTypeId });
    draft.clear();
    onClose();
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is known.
  useEffect(() => {
    if (isOffered) moveTo({ start });
  }, [isOffered]);
  if (isOffered || (answer.isFetching && !answer.data)) return null;
  return (
    <Dialog title={t`Move the appointment`} onClose={onClose}>
      <TimeRefused
        {...query}
        practitioner={nameOfPractitioner(practitioner)}
        moving={appointment}
        why={draft.values.why}
        onWhy={(why) => draft.set({ why })}
        onForce={(reason) => moveTo({ start, reason })}
        forceLabel={<Trans>Move it all the same</Trans>}
        onChoose={(slot) => moveTo(slot)}
        offered={null}
      />
    </Dialog>
  );
}
