import { useLingui } from '@lingui/react/macro';
import { addAllergy } from '../api/record-entries.ts';
import { AllergyFields, allergyLacks, allergyOf, allergyPlaces, noAllergy } from './allergy-fields.tsx';
import { EntryAdd } from './entry-add.tsx';

interface Props {
  patientId: string;
  onDone: () => void;
  onClose: () => void;
}

export const allergyAddDraft = (patientId: string): string => `allergy-add/${patientId}`;

/** Records an allergy. A statement that none is known no longer stands then. */
export function AllergyAdd(props: Props) {
  const { t } = useLingui();
  return (
    <EntryAdd
      {...props}
      title={t`Record an allergy`}
      form={allergyAddDraft(props.patientId)}
      nothing={noAllergy}
      places={allergyPlaces}
      lacksOf={allergyLacks}
      Fields={AllergyFields}
      add={(values, header) => addAllergy(props.patientId, allergyOf(values), header)}
    />
  );
}
