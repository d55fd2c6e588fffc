import { useLingui } from '@lingui/react/macro';
import { PatientRegister } from '../../forms/patient-register.tsx';
import { Page } from '../../ui/page.tsx';

/** Takes in somebody whom the practice does not know yet; what is needed first, the rest can follow. */
export function NewPatient() {
  const { t } = useLingui();
  return (
    <Page title={t`Take in a new patient`}>
      <PatientRegister />
    </Page>
  );
}
