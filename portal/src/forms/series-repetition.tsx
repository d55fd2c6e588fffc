import { Trans, useLingui } from '@lingui/react/macro';
import { countMaxOf, type Repetition, untilMaxOf } from '../time/series.ts';
import { dateAt } from '../time/zone.ts';
import { Choices } from '../ui/choices.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';

/** A repetition as it is typed. */
export interface TypedRepetition {
  everyWeeks: string;
  ends: 'count' | 'until';
  count: string;
  until: string;
}

const weeks = [1, 2, 3, 4];

interface Props {
  typed: TypedRepetition;
  /** The first appointment. */
  start: string;
  zone: string;
  onChange: (change: Partial<TypedRepetition>) => void;
}

/** Undefined while it makes no series. */
export function repetitionTyped(typed: TypedRepetition, start: string, zone: string): Repetition | undefined {
  const everyWeeks = Number(typed.everyWeeks);
  if (typed.ends === 'until') {
    const isWithin = dateAt(start, zone) < typed.until && typed.until <= untilMaxOf(start, zone);
    return isWithin ? { everyWeeks, end: { until: typed.until } } : undefined;
  }
  const count = /^\d{1,3}$/.test(typed.count) ? Number(typed.count) : 0;
  return count >= 2 && count <= countMaxOf(everyWeeks) ? { everyWeeks, end: { count } } : undefined;
}

/** How a series goes on: how often, and how long. */
export function SeriesRepetition({ typed, start, zone, onChange }: Props) {
  const { i18n, t } = useLingui();
  const isWrong = repetitionTyped(typed, start, zone) === undefined;
  const max = countMaxOf(Number(typed.everyWeeks));
  const last = untilMaxOf(start, zone);
  return (
    <>
      <ChoiceField
        label={t`How often?`}
        value={typed.everyWeeks}
        onChange={(event) => onChange({ everyWeeks: event.target.value })}
      >
        {weeks.map((each) => (
          <option key={each} value={each}>
            {each === 1 ? t`Every week` : t`Every ${i18n.number(each)} weeks`}
          </option>
        ))}
      </ChoiceField>
      <Choices
        isOne
        isRow
        legend={<Trans>How long?</Trans>}
        options={[
          { value: 'count', label: <Trans>a number of times</Trans> },
          { value: 'until', label: <Trans>until a date</Trans> },
        ]}
        chosen={[typed.ends]}
        onChange={([ends]) => ends && onChange({ ends })}
      />
      {typed.ends === 'count' ? (
        <TextField
          type="number"
          inputMode="numeric"
          label={t`How many appointments, the first included?`}
          min={2}
          max={max}
          value={typed.count}
          problem={isWrong ? t`Give a number from 2 to ${i18n.number(max)}.` : undefined}
          onChange={(event) => onChange({ count: event.target.value })}
        />
      ) : (
        <TextField
          type="date"
          label={t`The last date on which there may be one`}
          min={dateAt(start, zone)}
          max={last}
          value={typed.until}
          problem={isWrong ? t`Give a date after the first appointment, within two years.` : undefined}
          onChange={(event) => onChange({ until: event.target.value })}
        />
      )}
    </>
  );
}
