import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { problemOf } from '../../../api/problem.ts';
import { recordOf } from '../../../api/records.ts';
import { ChartContent } from '../../../chart/chart.tsx';
import { EmergencyOpen } from '../../../forms/emergency-open.tsx';
import { noteEmergency } from '../../../session/emergencies.ts';
import { useHat } from '../../../session/hat.ts';
import { relationTo } from '../../../session/person.ts';
import { usePerson } from '../../../session/use-session.ts';
import { Page } from '../../../ui/page.tsx';
import { RecordClosed } from '../../../ui/record-closed.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** The record of a patient, for who treats them. Of those to whom it is closed, practitioners may open it in an emergency. */
export function Chart() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/chart' });
  const who = usePerson();
  const hat = useHat(who);
  const isPractitioner = hat === 'practitioner';
  const record = useQuery({ ...recordOf(patientId), enabled: isPractitioner });
  const isClosed = problemOf(record.error)?.status === 403;
  const person = who.id;
  const isKnown = record.data !== undefined || isClosed;
  const until = isClosed ? undefined : record.data?.emergencyAccess?.until;
  useEffect(() => {
    if (isKnown) noteEmergency(person, patientId, until);
  }, [isKnown, person, patientId, until]);
  // What is in it is written in plain words for whom it is about.
  if (hat === 'patient') return <Navigate to="/patients/$patientId/record" params={{ patientId }} replace />;
  return (
    <Page title={t`Chart`}>
      {!isPractitioner ? (
        <RecordClosed as={relationTo(who, patientId)} />
      ) : isClosed ? (
        <EmergencyOpen patientId={patientId} />
      ) : (
        <Remote of={record} label={t`the record`}>
          {(found) => <ChartContent record={found} />}
        </Remote>
      )}
    </Page>
  );
}
