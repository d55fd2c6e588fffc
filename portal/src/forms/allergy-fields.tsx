import { Trans, useLingui } from '@lingui/react/macro';
import type { Allergy, AllergyContent } from '../api/types.ts';
import { partialDate } from '../time/partial-date.ts';
import { Button } from '../ui/button.tsx';
import { LongTextField, TextField } from '../ui/field.tsx';
import { allergyCategoryNames, allergyTypeNames, certaintyNames, courseNames, riskNames } from '../words/clinical.ts';
import { EntryChoice } from './entry-choice.tsx';
import type { Filled } from './entry-fields.ts';
import {
  noReaction,
  ReactionFields,
  type ReactionValues,
  reactionOf,
  reactionsMax,
  reactionValues,
} from './reaction-fields.tsx';

export interface AllergyValues {
  substance: string;
  certainty: Allergy['verificationStatus'];
  course: Allergy['clinicalStatus'];
  risk: NonNullable<Allergy['criticality']> | '';
  type: NonNullable<Allergy['type']> | '';
  category: NonNullable<Allergy['category']> | '';
  reactions: ReactionValues[];
  onset: string;
  note: string;
}

export const noAllergy: AllergyValues = {
  substance: '',
  certainty: 'confirmed',
  course: 'active',
  risk: '',
  type: '',
  category: '',
  reactions: [],
  onset: '',
  note: '',
};

/** Places of the API that have a field here. */
export const allergyPlaces = ['code', 'onset', 'reactions', 'note'];

export const allergyValues = (said: Allergy): AllergyValues => ({
  substance: said.code.text,
  certainty: said.verificationStatus,
  course: said.clinicalStatus,
  risk: said.criticality ?? '',
  type: said.type ?? '',
  category: said.category ?? '',
  reactions: (said.reactions ?? []).map(reactionValues),
  onset: said.onset ?? '',
  note: said.note ?? '',
});

/** @param before what the fields were filled from: codes of a terminology stay with the words that they are of */
export function allergyOf(values: AllergyValues, before?: Allergy): AllergyContent {
  const { certainty, course, risk, type, category, onset, note } = values;
  const text = values.substance.trim();
  const reactions = values.reactions.map(reactionOf).filter(({ manifestation }) => manifestation.length > 0);
  return {
    code: before?.code.text === text ? before.code : { text },
    clinicalStatus: course,
    verificationStatus: certainty,
    ...(risk && { criticality: risk }),
    ...(type && { type }),
    ...(category && { category }),
    ...(reactions.length > 0 && { reactions }),
    ...(onset.trim() && { onset: partialDate(onset) }),
    ...(note.trim() && { note: note.trim() }),
  };
}

export const allergyLacks = ({ substance, reactions }: AllergyValues): string[] => [
  ...(substance.trim() === '' ? ['code'] : []),
  // Which were begun, by how bad or when, and say nothing of what was seen.
  ...reactions.flatMap((each, nth) =>
    reactionOf(each).manifestation.length === 0 && (each.severity || each.onset.trim())
      ? [`reactions[${nth}].manifestation`]
      : [],
  ),
];

export function AllergyFields({ values, set, problemAt }: Filled<AllergyValues>) {
  const { t } = useLingui();
  const setReaction = (nth: number, change: Partial<ReactionValues>) =>
    set({ reactions: values.reactions.map((each, at) => (at === nth ? { ...each, ...change } : each)) });
  return (
    <>
      <TextField
        data-first
        label={t`Substance`}
        isNeeded
        maxLength={300}
        value={values.substance}
        problem={problemAt('code')}
        onChange={(event) => set({ substance: event.target.value })}
      />
      <div className="grid gap-4 tablet:grid-cols-2">
        <EntryChoice label={t`Risk`} names={riskNames} value={values.risk} onChange={(risk) => set({ risk })} />
        <EntryChoice
          isNeeded
          label={t`Certainty`}
          names={allergyCertainties}
          value={values.certainty}
          onChange={(certainty) => certainty && set({ certainty })}
        />
        <EntryChoice
          isNeeded
          label={t`Course`}
          names={allergyCourses}
          value={values.course}
          onChange={(course) => course && set({ course })}
        />
        <EntryChoice label={t`Kind`} names={allergyTypeNames} value={values.type} onChange={(type) => set({ type })} />
        <EntryChoice
          label={t`To what`}
          names={allergyCategoryNames}
          value={values.category}
          onChange={(category) => set({ category })}
        />
        <TextField
          label={t`Since`}
          hint={t`As exactly as it is known: 2019, 05/2019 or 31/05/2019`}
          maxLength={20}
          value={values.onset}
          problem={problemAt('onset')}
          onChange={(event) => set({ onset: event.target.value })}
        />
      </div>
      {values.reactions.map((each, nth) => (
        <ReactionFields
          // biome-ignore lint/suspicious/noArrayIndexKey: reactions have nothing but their place that is theirs
          key={nth}
          nth={nth}
          values={each}
          set={(change) => setReaction(nth, change)}
          problemAt={problemAt}
          onRemove={() => set({ reactions: values.reactions.filter((_, at) => at !== nth) })}
        />
      ))}
      {values.reactions.length < reactionsMax && (
        <div>
          <Button size="desk" onClick={() => set({ reactions: [...values.reactions, noReaction] })}>
            <Trans>Add a reaction</Trans>
          </Button>
        </div>
      )}
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

const { unconfirmed, confirmed, refuted } = certaintyNames;
/** For what was entered in error there is a button. */
const allergyCertainties = { confirmed, unconfirmed, refuted };
const { active, inactive, resolved } = courseNames;
const allergyCourses = { active, inactive, resolved };
