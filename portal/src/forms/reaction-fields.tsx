import { Trans, useLingui } from '@lingui/react/macro';
import type { Allergy } from '../api/types.ts';
import { partialDate } from '../time/partial-date.ts';
import { Button } from '../ui/button.tsx';
import { LongTextField, TextField } from '../ui/field.tsx';
import { severityNames } from '../words/clinical.ts';
import { EntryChoice } from './entry-choice.tsx';
import type { Filled } from './entry-fields.ts';

type Reaction = NonNullable<Allergy['reactions']>[number];

export interface ReactionValues {
  /** What was seen, one on each line. */
  seen: string;
  severity: NonNullable<Reaction['severity']> | '';
  onset: string;
}

export const reactionsMax = 20;
export const noReaction: ReactionValues = { seen: '', severity: '', onset: '' };

export const reactionValues = ({ manifestation, severity, onset }: Reaction): ReactionValues => ({
  seen: manifestation.join('\n'),
  severity: severity ?? '',
  onset: onset ?? '',
});

export const reactionOf = ({ seen, severity, onset }: ReactionValues): Reaction => ({
  manifestation: seen
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== ''),
  ...(severity && { severity }),
  ...(onset.trim() && { onset: partialDate(onset) }),
});

interface Props extends Filled<ReactionValues> {
  /** Which of the reactions, from 0. */
  nth: number;
  onRemove: () => void;
}

export function ReactionFields({ nth, values, set, problemAt, onRemove }: Props) {
  const { t } = useLingui();
  const place = `reactions[${nth}]`;
  return (
    <fieldset className="grid gap-3 rounded-card border border-line p-3">
      <legend className="px-1 font-semibold">
        <Trans>Reaction {nth + 1}</Trans>
      </legend>
      <LongTextField
        label={t`What was seen`}
        isNeeded
        hint={t`One on each line`}
        rows={2}
        maxLength={2_000}
        value={values.seen}
        problem={problemAt(`${place}.manifestation`)}
        onChange={(event) => set({ seen: event.target.value })}
      />
      <div className="grid gap-3 tablet:grid-cols-2">
        <EntryChoice
          label={t`Severity`}
          names={severityNames}
          value={values.severity}
          onChange={(severity) => set({ severity })}
        />
        <TextField
          label={t`When`}
          maxLength={20}
          value={values.onset}
          problem={problemAt(`${place}.onset`)}
          onChange={(event) => set({ onset: event.target.value })}
        />
      </div>
      <div>
        <Button size="desk" look="quiet" onClick={onRemove}>
          <Trans>Leave this reaction out</Trans>
        </Button>
      </div>
    </fieldset>
  );
}
