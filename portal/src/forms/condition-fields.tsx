import { useLingui } from '@lingui/react/macro';
import type { Condition, ConditionContent } from '../api/types.ts';
import { partialDate } from '../time/partial-date.ts';
import { LongTextField, TextField } from '../ui/field.tsx';
import { certaintyNames, courseNames, severityNames } from '../words/clinical.ts';
import { EntryChoice } from './entry-choice.tsx';
import type { Filled } from './entry-fields.ts';

export interface ConditionValues {
  name: string;
  certainty: Condition['verificationStatus'];
  course: Condition['clinicalStatus'];
  severity: NonNullable<Condition['severity']> | '';
  onset: string;
  abatement: string;
  note: string;
}

export const noCondition: ConditionValues = {
  name: '',
  certainty: 'confirmed',
  course: 'active',
  severity: '',
  onset: '',
  abatement: '',
  note: '',
};

/** Places of the API that have a field here. */
export const conditionPlaces = ['code', 'onset', 'abatement', 'note'];

export const conditionValues = (said: Condition): ConditionValues => ({
  name: said.code.text,
  certainty: said.verificationStatus,
  course: said.clinicalStatus,
  severity: said.severity ?? '',
  onset: said.onset ?? '',
  abatement: said.abatement ?? '',
  note: said.note ?? '',
});

/** @param before what the fields were filled from: codes of a terminology stay with the words that they are of */
export function conditionOf(values: ConditionValues, before?: Condition): ConditionContent {
  const { certainty, course, severity, onset, abatement, note } = values;
  const text = values.name.trim();
  return {
    code: before?.code.text === text ? before.code : { text },
    clinicalStatus: course,
    verificationStatus: certainty,
    ...(severity && { severity }),
    ...(onset.trim() && { onset: partialDate(onset) }),
    ...(abatement.trim() && { abatement: partialDate(abatement) }),
    ...(note.trim() && { note: note.trim() }),
  };
}

export const conditionLacks = ({ name }: ConditionValues): string[] => (name.trim() === '' ? ['code'] : []);

export function ConditionFields({ values, set, problemAt }: Filled<ConditionValues>) {
  const { t } = useLingui();
  return (
    <>
      <TextField
        data-first
        label={t`Condition`}
        isNeeded
        maxLength={300}
        value={values.name}
        problem={problemAt('code')}
        onChange={(event) => set({ name: event.target.value })}
      />
      <div className="grid gap-4 tablet:grid-cols-2">
        <EntryChoice
          isNeeded
          label={t`Certainty`}
          names={certaintyNames}
          // For that there is a button.
          without={['entered-in-error']}
          value={values.certainty}
          onChange={(certainty) => certainty && set({ certainty })}
        />
        <EntryChoice
          isNeeded
          label={t`Course`}
          names={courseNames}
          value={values.course}
          onChange={(course) => course && set({ course })}
        />
        <TextField
          label={t`Since`}
          hint={t`As exactly as it is known: 2019, 05/2019 or 31/05/2019`}
          maxLength={20}
          value={values.onset}
          problem={problemAt('onset')}
          onChange={(event) => set({ onset: event.target.value })}
        />
        <TextField
          label={t`Ended`}
          hint={t`Only of what is no longer active`}
          maxLength={20}
          value={values.abatement}
          problem={problemAt('abatement')}
          onChange={(event) => set({ abatement: event.target.value })}
        />
        <EntryChoice
          label={t`Severity`}
          names={severityNames}
          value={values.severity}
          onChange={(severity) => set({ severity })}
        />
      </div>
      <LongTextField
        label={t`Remark`}
        rows={2}
        maxLength={2_000}
        value={values.note}
        problem={problemAt('note')}
        onChange={(event) => set({ note: event.target.value })}
      />
    </>
  );
}
