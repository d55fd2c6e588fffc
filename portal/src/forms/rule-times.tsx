import { Trans, useLingui } from '@lingui/react/macro';
import { formatIn } from '../time/zone.ts';
import { Choices } from '../ui/choices.tsx';
import { TextField } from '../ui/field.tsx';
import { type RuleFieldsProps, weekdays } from './rule-draft.ts';

/** A Monday: days of the week are called as the reader's language calls them. */
const monday = Date.parse('2026-11-23T12:00:00Z');

/** When a rule watches, on the clock of the patient. */
export function RuleTimes({ draft, onChange, wrong, refusedAt }: RuleFieldsProps) {
  const { i18n, t } = useLingui();
  const { schedule, days, from, until } = draft;
  const format = formatIn(i18n.locale, { weekday: 'long', timeZone: 'UTC' });
  return (
    <>
      <Choices
        isOne
        legend={<Trans>When does it watch?</Trans>}
        hint={<Trans>On the clock of the patient.</Trans>}
        problem={refusedAt('document.schedule')}
        options={[
          { value: 'always', label: <Trans>at all times</Trans> },
          { value: 'these', label: <Trans>at these times of the week</Trans> },
          // Several are read and kept here, and written by programs.
          ...(schedule === 'kept'
            ? [{ value: 'kept' as const, label: <Trans>at several times, as they are</Trans> }]
            : []),
        ]}
        chosen={[schedule]}
        onChange={([next = schedule]) => onChange({ schedule: next })}
      />
      {schedule === 'these' && (
        <>
          <Choices
            isRow
            legend={<Trans>On these days</Trans>}
            problem={wrong.includes('days') ? t`Choose at least one.` : undefined}
            options={weekdays.map((value, nth) => ({ value, label: format.format(monday + nth * 86_400_000) }))}
            chosen={days}
            onChange={(next) => onChange({ days: next })}
          />
          <div className="grid items-end gap-4 tablet:grid-cols-2">
            <TextField
              type="time"
              label={t`It begins at`}
              value={from}
              onChange={(event) => event.target.value && onChange({ from: event.target.value })}
            />
            <TextField
              type="time"
              label={t`It ends at`}
              hint={t`Not later than it begins: on the next day.`}
              value={until}
              onChange={(event) => event.target.value && onChange({ until: event.target.value })}
            />
          </div>
        </>
      )}
    </>
  );
}
