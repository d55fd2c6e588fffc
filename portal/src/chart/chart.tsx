import { Trans, useLingui } from '@lingui/react/macro';
import { usePractitioner } from '../api/practitioners.ts';
import type { MedicalRecord } from '../api/types.ts';
import { usePerson } from '../session/use-session.ts';
import { Notice } from '../ui/notice.tsx';
import { Allergies } from './allergies.tsx';
import { Conditions } from './conditions.tsx';
import { Encounters } from './encounters.tsx';
import { Notes } from './notes.tsx';

/** What there is in a record, for who treats the patient, and what they write there. */
export function ChartContent({ record }: { record: MedicalRecord }) {
  const { i18n, t } = useLingui();
  const { data: practitioner } = usePractitioner(usePerson().practitionerId);
  // Until it is known where they practise, by the clock that is in front of them.
  const zone = practitioner?.places[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      {record.emergencyAccess && (
        <Notice look="bad" role="status" title={t`You read this by an emergency access`}>
          <p>
            <Trans>
              It ends at{' '}
              {new Intl.DateTimeFormat(i18n.locale, { timeStyle: 'short' }).format(
                new Date(record.emergencyAccess.until),
              )}
              . The patient is told, and it will be reviewed.
            </Trans>
          </p>
        </Notice>
      )}
      <Allergies record={record} />
      <Conditions record={record} />
      <Encounters record={record} zone={zone} />
      <Notes record={record} />
    </>
  );
}
