import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { amendAllergy } from '../api/record-entries.ts';
import type { Allergy } from '../api/types.ts';
import { allergyLines } from '../words/clinical-lines.ts';
import { AllergyFields, allergyLacks, allergyOf, allergyPlaces, allergyValues } from './allergy-fields.tsx';
import { EntryChange } from './entry-change.tsx';

interface Props {
  patientId: string;
  entry: Allergy;
  isGone: boolean;
  onDone: () => void;
  onClose: () => void;
}

export const allergyChangeDraft = (entryId: string): string => `allergy-change/${entryId}`;

/** Changes an allergy, refutes it, or takes it out as entered in error. */
export function AllergyChange(props: Props) {
  const { i18n, t } = useLingui();
  const { patientId, entry } = props;
  const name = entry.code.text;
  const stored = useMemo(() => allergyValues(entry), [entry]);
  return (
    <EntryChange
      {...props}
      title={t`Change: ${name}`}
      form={allergyChangeDraft(entry.id)}
      stored={stored}
      places={allergyPlaces}
      lacksOf={allergyLacks}
      Fields={AllergyFields}
      linesOf={(values) => allergyLines(allergyOf(values, entry), i18n)}
      amend={(amendmentReason, values) =>
        amendAllergy(patientId, entry, {
          ...allergyOf(values ?? stored, entry),
          ...(!values && { verificationStatus: 'entered-in-error' }),
          amendmentReason,
        })
      }
    />
  );
}
