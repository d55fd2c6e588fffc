import { useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { nameOfPatient, usePatient } from '../api/patients.ts';

/** Somebody by name, with what was sent to them behind it. */
export function PatientMessagesLink({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  const { data, error } = usePatient(patientId);
  const name = data ? nameOfPatient(data) : error ? t`A patient whose name could not be read` : '…';
  return (
    <Link to="/patients/$patientId/messages" params={{ patientId }}>
      {name}
    </Link>
  );
}
