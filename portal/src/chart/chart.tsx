import { usePractitioner } from '../api/practitioners.ts';
import type { MedicalRecord } from '../api/types.ts';
import { usePerson } from '../session/use-session.ts';
import { Observations } from '../ui/observations.tsx';
import { Allergies } from './allergies.tsx';
import { Conditions } from './conditions.tsx';
import { Encounters } from './encounters.tsx';
import { Notes } from './notes.tsx';

/** What there is in a record, for who treats the patient, and what they write there. */
export function ChartContent({ record }: { record: MedicalRecord }) {
  const { data: practitioner } = usePractitioner(usePerson().practitionerId);
  // Until it is known where they practise, by the clock that is in front of them.
  const zone = practitioner?.places[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <Allergies record={record} />
      <Conditions record={record} />
      <Encounters record={record} zone={zone} />
      <Observations items={record.observations} />
      <Notes record={record} />
    </>
  );
}
