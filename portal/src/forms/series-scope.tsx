import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { isInPlace, useSeries } from '../api/series.ts';
import type { Appointment } from '../api/types.ts';
import { Choices } from '../ui/choices.tsx';
import { Remote } from '../ui/remote.tsx';

/** What of a series a change is of. */
export type Scope = 'one' | 'following';

interface Props {
  appointment: Appointment;
  /** Whether those that were moved alone are concerned as well, as when they are cancelled. */
  alsoMoved: boolean;
  scope: Scope;
  onChange: (scope: Scope) => void;
}

/** Of an appointment of a series: whether it is changed alone, or with those that follow. Of others nothing is asked. */
export function SeriesScope({ appointment, alsoMoved, scope, onChange }: Props) {
  const { t } = useLingui();
  const { seriesId, occurrence = '', id } = appointment;
  const series = useSeries(seriesId);
  if (!seriesId) return null;
  return (
    <Remote of={series} label={t`the series`}>
      {({ appointments }) => {
        const following = appointments
          .filter((each) => each.id !== id && Date.parse(each.occurrence ?? '') > Date.parse(occurrence))
          .filter((each) => each.status === 'booked' || (alsoMoved && each.status === 'pending'))
          .filter((each) => alsoMoved || isInPlace(each));
        if (following.length === 0) return null;
        return (
          <Choices
            isOne
            legend={<Trans>It is part of a series</Trans>}
            options={[
              { value: 'one', label: <Trans>This one alone</Trans> },
              {
                value: 'following',
                label: (
                  <Plural
                    value={following.length}
                    one="This one and the one that follows"
                    other="This one and the # that follow"
                  />
                ),
              },
            ]}
            chosen={[scope]}
            onChange={([chosen]) => chosen && onChange(chosen)}
          />
        );
      }}
    </Remote>
  );
}
