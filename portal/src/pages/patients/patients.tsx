import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { PatientFind } from '../../forms/patient-find.tsx';
import { buttonLook } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';

/** Finds a patient, and goes to their page. What is searched stands in no address. */
export function Patients() {
  const { t } = useLingui();
  const go = useNavigate();
  const [words, setWords] = useState('');
  return (
    <Page
      title={t`Patients`}
      beside={
        <Link to="/patients/new" className={buttonLook({ size: 'desk' })}>
          <Trans>Take in a new patient</Trans>
        </Link>
      }
    >
      <PatientFind
        words={words}
        onWords={setWords}
        onChoose={({ id }) => go({ to: '/patients/$patientId/appointments', params: { patientId: id } })}
      />
    </Page>
  );
}
