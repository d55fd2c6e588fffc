import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { BackTest } from '../api/types.ts';
import { lengthInWords } from '../time/lengths.ts';
import { Notice } from '../ui/notice.tsx';
import { useWatcherName } from './names.ts';

interface Props {
  of: BackTest;
  /** Alerts a day that the practice allows for one practitioner; left out: not known. */
  budget?: number;
}

/** What a rule would have done: how often it would have rung, at night too, and who would have been called. */
export function BackTestShown({ of, budget }: Props) {
  const { i18n, t } = useLingui();
  const nameOf = useWatcherName();
  const { days, patients, readings, alerts, alertsADay, alertsADayOfOne, atNight, longestMinutes } = of;
  const number = (value: number) => new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 2 }).format(value);
  const isOver = budget !== undefined && alertsADayOfOne > budget;
  const facts: [string, string][] = [
    [t`Alerts`, number(alerts)],
    [t`Alerts a day`, number(alertsADay)],
    [t`A day for who is called most`, number(alertsADayOfOne)],
    [t`Of them at night (22 to 7)`, number(atNight)],
    [t`The longest`, lengthInWords(longestMinutes, i18n.locale)],
    [t`Patients who would have rung`, number(of.byPatient.length)],
    [t`Too late to ring`, number(of.late)],
    [t`Questions instead of alerts`, number(of.questions)],
  ];
  return (
    <div className="grid gap-3">
      <p>
        <Trans>
          On {number(readings)} readings of {number(patients)} patients in {days} days:
        </Trans>
      </p>
      <dl className="grid gap-x-4 gap-y-1 tablet:grid-cols-2">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4 border-b border-line py-1">
            <dt>{name}</dt>
            <dd className="font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {of.called.length > 0 && (
        <p className="text-sm">
          <Trans>Would have been called:</Trans>{' '}
          {of.called.map(({ practitionerId, times }) => `${nameOf(practitionerId)} (${number(times)})`).join(', ')}
        </p>
      )}
      {budget !== undefined && (
        <Notice look={isOver ? 'warn' : 'good'} role="status">
          <p>
            {isOver ? (
              <Trans>
                That is more than the practice allows, which is {number(budget)} a day for one practitioner.
              </Trans>
            ) : (
              <Trans>The practice allows {number(budget)} a day for one practitioner: it is within that.</Trans>
            )}
          </p>
        </Notice>
      )}
      {readings === 0 && (
        <p className="text-sm text-warn">
          <Plural
            value={days}
            one="There were no readings in # day: that says nothing of the rule."
            other="There were no readings in # days: that says nothing of the rule."
          />
        </p>
      )}
    </div>
  );
}
