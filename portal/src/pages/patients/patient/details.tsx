import { useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import { usePatient } from '../../../api/patients.ts';
import { PatientChange } from '../../../forms/patient-change.tsx';
import { Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** How somebody can be reached, and what the practice knows of who they are. */
export function Details() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/details' });
  const patient = usePatient(patientId);
  return (
    <Page title={t`Details`}>
      <Remote of={patient} label={t`the details`}>
        {(found) => <PatientChange patient={found} />}
      </Remote>
    </Page>
  );
}
