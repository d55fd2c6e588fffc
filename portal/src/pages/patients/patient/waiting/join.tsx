import { Trans, useLingui } from '@lingui/react/macro';
import { useParams, useSearch } from '@tanstack/react-router';
import { useAppointment } from '../../../../api/appointments.ts';
import { nameOfPractitioner, usePractitioner } from '../../../../api/practitioners.ts';
import { WaitingJoin } from '../../../../forms/waiting-join.tsx';
import { OfThisPatient } from '../../../../ui/of-this-patient.tsx';
import { Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';

const route = '/signed-in-people/patients/$patientId/waiting/join/$practitionerId';

/** Where somebody says for what they wait, and when they can come. */
export function JoinWaitingList() {
  const { t } = useLingui();
  const { patientId, practitionerId } = useParams({ from: route });
  const { type, replaces } = useSearch({ from: route });
  const practitioner = usePractitioner(practitionerId);
  return (
    <Page title={t`Wait for a time`}>
      <Remote of={practitioner} label={t`the practitioner`}>
        {(found) => (
          <>
            <p className="text-quiet">
              {nameOfPractitioner(found)} · {found.specialities.map(({ display }) => display).join(', ')}
            </p>
            <p>
              <Trans>
                As soon as somebody gives up a time that suits, it is kept and offered here. An answer is waited for an
                hour; at night that hour stands still.
              </Trans>
            </p>
            {replaces ? (
              <Replacing appointmentId={replaces} patientId={patientId} practitioner={found} />
            ) : (
              <WaitingJoin patientId={patientId} practitioner={found} type={type} />
            )}
          </>
        )}
      </Remote>
    </Page>
  );
}

type JoinProps = Parameters<typeof WaitingJoin>[0];

function Replacing({ appointmentId, ...join }: Omit<JoinProps, 'replaces' | 'type'> & { appointmentId: string }) {
  const { t } = useLingui();
  const appointment = useAppointment(appointmentId);
  return (
    <Remote of={appointment} label={t`the appointment`}>
      {(found) => (
        <OfThisPatient thing={found}>
          <WaitingJoin {...join} replaces={found} />
        </OfThisPatient>
      )}
    </Remote>
  );
}
