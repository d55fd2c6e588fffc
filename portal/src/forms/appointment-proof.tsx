import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import type { Appointment } from '../api/types.ts';
import { useDelayed } from '../frame/delayed.ts';
import { ProofCode } from '../paper/proof-code.tsx';
import { now } from '../time/server-clock.ts';
import { AppointmentFacts } from '../ui/appointment-facts.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { saveFile } from '../ui/save-file.ts';
import { AppointmentCancel } from './appointment-cancel.tsx';

/** What somebody keeps of a booking: on the screen, on paper, in their calendar. */
export function AppointmentProof({ appointment }: { appointment: Appointment }) {
  const { t } = useLingui();
  const [isCancelling, setCancelling] = useState(false);
  const isLeaving = useDelayed().waiting.some(({ id }) => id === appointment.id);
  const file = useMutation({ mutationFn: () => saveCalendarFile(appointment.id) });
  const isAhead = ['booked', 'pending'].includes(appointment.status) && Date.parse(appointment.start) > now();
  const params = { patientId: appointment.patientId, appointmentId: appointment.id };
  return (
    <>
      {isLeaving ? (
        <Notice look="warn" title={t`This appointment is about to be cancelled`} />
      ) : (
        <Headline appointment={appointment} />
      )}
      <Card>
        <AppointmentFacts appointment={appointment} />
        <p className="mt-4 border-t border-line pt-3 text-sm">
          <Trans>
            Reference for the practice: <code className="select-all font-semibold">{referenceOf(appointment.id)}</code>
          </Trans>
        </p>
      </Card>
      {isAhead && <ProofCode patientId={appointment.patientId} />}
      {file.error && <Failure error={file.error} onRetry={() => file.mutate()} />}
      <div className="unprinted flex flex-wrap gap-3">
        <Button onClick={() => print()}>
          <Trans>Print</Trans>
        </Button>
        {isAhead && (
          <>
            <Button onClick={() => file.mutate()} isBusy={file.isPending}>
              <Trans>Put into my calendar</Trans>
            </Button>
            <Link to="/patients/$patientId/appointments/$appointmentId/move" params={params} className={buttonLook()}>
              <Trans>Move</Trans>
            </Link>
            <Link
              to="/patients/$patientId/waiting/join/$practitionerId"
              params={{ patientId: appointment.patientId, practitionerId: appointment.practitionerId }}
              search={{ replaces: appointment.id }}
              className={buttonLook()}
            >
              <Trans>Wait for an earlier time</Trans>
            </Link>
            <Button look="danger" onClick={() => setCancelling(true)} disabled={isLeaving}>
              <Trans>Cancel the appointment</Trans>
            </Button>
          </>
        )}
      </div>
      {isCancelling && <AppointmentCancel appointment={appointment} onClose={() => setCancelling(false)} />}
    </>
  );
}

function Headline({ appointment: { status, cancellation } }: { appointment: Appointment }) {
  const { t } = useLingui();
  if (status === 'booked') return <Notice look="good" title={t`It is booked`} />;
  if (status === 'pending')
    return (
      <Notice look="warn" title={t`The practice has still to confirm it`}>
        <p>
          <Trans>The time is taken for you. You will find here when it is confirmed.</Trans>
        </p>
      </Notice>
    );
  if (status === 'cancelled')
    return (
      <Notice look="warn" title={t`This appointment is cancelled`}>
        {cancellation?.reason && <p>{cancellation.reason}</p>}
      </Notice>
    );
  return null;
}

/** The end of the id, which is random; the practice finds an appointment by its time and patient. */
const referenceOf = (id: string): string => id.slice(-8).toUpperCase();

async function saveCalendarFile(id: string): Promise<void> {
  const text = await told(
    api.GET('/api/appointments/{id}/calendar.ics', { params: { path: { id } }, parseAs: 'text' }),
  );
  saveFile(new Blob([text as string], { type: 'text/calendar' }), 'appointment.ics');
}
