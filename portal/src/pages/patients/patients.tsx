import { useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { PatientFind } from '../../forms/patient-find.tsx';
import { Page } from '../../ui/page.tsx';

/** Finds a patient, and goes to their page. What is searched stands in no address. */
export function Patients() {
  const { t } = useLingui();
  const go = useNavigate();
  const [words, setWords] = useState('');
  return (
    <Page title={t`Patients`}>
      <PatientFind
        words={words}
        onWords={setWords}
        onChoose={({ id }) => go({ to: '/patients/$patientId/appointments', params: { patientId: id } })}
      />
    </Page>
  );
}
