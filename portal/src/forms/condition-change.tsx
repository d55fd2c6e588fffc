import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { amendCondition } from '../api/record-entries.ts';
import type { Condition } from '../api/types.ts';
import { conditionLines } from '../words/clinical-lines.ts';
import { ConditionFields, conditionLacks, conditionOf, conditionPlaces, conditionValues } from './condition-fields.tsx';
import { EntryChange } from './entry-change.tsx';

interface Props {
  patientId: string;
  entry: Condition;
  isGone: boolean;
  onDone: () => void;
  onClose: () => void;
}

export const conditionChangeDraft = (entryId: string): string => `condition-change/${entryId}`;

/** Changes a condition, refutes it, or takes it out as entered in error. */
export function ConditionChange(props: Props) {
  const { i18n, t } = useLingui();
  const { patientId, entry } = props;
  const name = entry.code.text;
  const stored = useMemo(() => conditionValues(entry), [entry]);
  return (
    <EntryChange
      {...props}
      title={t`Change: ${name}`}
      form={conditionChangeDraft(entry.id)}
      stored={stored}
      places={conditionPlaces}
      lacksOf={conditionLacks}
      Fields={ConditionFields}
      linesOf={(values) => conditionLines(conditionOf(values, entry), i18n)}
      amend={(amendmentReason, values) =>
        amendCondition(patientId, entry, {
          ...conditionOf(values ?? stored, entry),
          ...(!values && { verificationStatus: 'entered-in-error' }),
          amendmentReason,
        })
      }
    />
  );
}
