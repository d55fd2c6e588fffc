import { useLingui } from '@lingui/react/macro';
import { addCondition } from '../api/record-entries.ts';
import { ConditionFields, conditionLacks, conditionOf, conditionPlaces, noCondition } from './condition-fields.tsx';
import { EntryAdd } from './entry-add.tsx';

interface Props {
  patientId: string;
  onDone: () => void;
  onClose: () => void;
}

export const conditionAddDraft = (patientId: string): string => `condition-add/${patientId}`;

/** Records a condition. */
export function ConditionAdd(props: Props) {
  const { t } = useLingui();
  return (
    <EntryAdd
      {...props}
      title={t`Record a condition`}
      form={conditionAddDraft(props.patientId)}
      nothing={noCondition}
      places={conditionPlaces}
      lacksOf={conditionLacks}
      Fields={ConditionFields}
      add={(values, header) => addCondition(props.patientId, conditionOf(values), header)}
    />
  );
}
