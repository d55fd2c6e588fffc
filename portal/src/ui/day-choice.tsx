import { Trans, useLingui } from '@lingui/react/macro';
import { daysAfter } from '../time/zone.ts';
import { Button } from './button.tsx';

interface Props {
  day: string;
  today: string;
  /** Undefined for today, whichever that will be. */
  onChange: (day: string | undefined) => void;
}

/** Which day is shown. */
export function DayChoice({ day, today, onChange }: Props) {
  const { t } = useLingui();
  return (
    <div className="unprinted flex flex-wrap items-center gap-2">
      <Button size="desk" onClick={() => onChange(daysAfter(day, -1))} aria-label={t`The day before`}>
        ←
      </Button>
      <Button size="desk" onClick={() => onChange(undefined)} disabled={day === today}>
        <Trans>Today</Trans>
      </Button>
      <Button size="desk" onClick={() => onChange(daysAfter(day, 1))} aria-label={t`The day after`}>
        →
      </Button>
      <input
        type="date"
        aria-label={t`Day`}
        value={day}
        onChange={(event) => event.target.value && onChange(event.target.value)}
        className="min-h-9 rounded-field border border-edge bg-surface px-2 text-sm"
      />
    </div>
  );
}
