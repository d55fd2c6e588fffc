import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMatch } from '@tanstack/react-router';
import { problemOf } from '../api/problem.ts';
import { recordOf } from '../api/records.ts';
import type { MedicalRecord } from '../api/types.ts';

/** On the chart, which alone reads the record: what must not be overlooked, however far down somebody reads. */
export function AllergiesInSight({ patientId }: { patientId: string }) {
  const isOnChart = useMatch({ from: '/signed-in-people/patients/$patientId/chart', shouldThrow: false }) !== undefined;
  return isOnChart && <AllergyLine patientId={patientId} />;
}

function AllergyLine({ patientId }: { patientId: string }) {
  // The page asks; here is only seen what it was told.
  const { data: record, error } = useQuery({ ...recordOf(patientId), enabled: false });
  if (problemOf(error)?.status === 403)
    return (
      <p className="basis-full text-warn">
        <Trans>Allergies: not shown, the record is closed to you</Trans>
      </p>
    );
  if (record) return <AllergiesSaid of={record.allergies} isOld={error !== null} />;
  return (
    <p className="basis-full text-warn">
      {error ? <Trans>Allergies: could not be read</Trans> : <Trans>Allergies: being read</Trans>}
    </p>
  );
}

interface Props {
  of: MedicalRecord['allergies'];
  /** It could not be read anew. */
  isOld: boolean;
}

/** Not known, none known, and listed are three things; the first is never shown as the second. */
export function AllergiesSaid({ of: { state, items }, isOld }: Props) {
  const counted = items.filter(({ verificationStatus }) => verificationStatus !== 'refuted');
  const dangerous = counted.filter(({ criticality }) => criticality === 'high');
  const names = [...new Set([...dangerous, ...counted])].map(({ code }) => code.text).join(', ');
  const old = isOld && (
    <span className="ml-2 font-normal">
      <Trans>(as last read)</Trans>
    </span>
  );
  if (state === 'unknown')
    return (
      <p className="basis-full font-semibold text-warn">
        <Trans>Allergies: not known</Trans>
        {old}
      </p>
    );
  if (state === 'none-known')
    return (
      <p className="basis-full">
        <Trans>Allergies: none known</Trans>
        {old}
      </p>
    );
  return (
    <p className="basis-full font-semibold text-bad">
      <Trans>Allergies: {names}</Trans>
      {old}
    </p>
  );
}
