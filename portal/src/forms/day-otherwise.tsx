import { Trans, useLingui } from '@lingui/react/macro';
import type { Practitioner } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Card } from '../ui/page.tsx';
import type { OneDay } from './schedule-draft.ts';
import { PlaceField, TimesFields } from './times-fields.tsx';

interface Props {
  nth: number;
  day: OneDay;
  /** Another one says otherwise of the same day and place. */
  isTwice: boolean;
  practitioner: Practitioner;
  /** The first date that can be chosen. */
  today: string;
  isTried: boolean;
  onChange: (day: OneDay) => void;
  onRemove: () => void;
}

const usual = { startTime: '09:00', endTime: '12:00' };

/** What holds on one day alone. */
export function DayOtherwise({ nth, day, isTwice, practitioner, today, isTried, onChange, onRemove }: Props) {
  const { t } = useLingui();
  const { kind, date, periods } = day;
  const problem =
    isTried && date === ''
      ? t`Give a day.`
      : isTwice
        ? t`Of this day something else is said as well: keep one of them.`
        : undefined;
  return (
    <Card>
      <fieldset className="grid gap-3">
        <legend className="sr-only">
          <Trans>Single day {nth}</Trans>
        </legend>
        <div className="grid gap-4 tablet:grid-cols-3">
          <TextField
            type="date"
            label={t`Day`}
            isNeeded
            min={today}
            value={date}
            problem={problem}
            onChange={(event) => onChange({ ...day, date: event.target.value })}
          />
          <ChoiceField
            label={t`What holds then`}
            value={kind}
            onChange={(event) => {
              const next = event.target.value as OneDay['kind'];
              onChange({ ...day, kind: next, periods: next !== 'closed' && periods.length === 0 ? [usual] : periods });
            }}
          >
            <option value="closed">{t`closed`}</option>
            <option value="instead">{t`other hours`}</option>
            <option value="besides">{t`further hours, besides`}</option>
          </ChoiceField>
          <PlaceField
            places={practitioner.places}
            placeId={day.placeId}
            onChange={(placeId) => onChange({ ...day, placeId })}
          />
        </div>
        {kind !== 'closed' &&
          periods.map((times, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: times have no name but their place.
            <div key={place} className="grid grid-cols-2 items-end gap-4 tablet:grid-cols-3">
              <TimesFields
                times={times}
                isTried={isTried}
                onChange={(next) =>
                  onChange({ ...day, periods: periods.map((each, nth) => (nth === place ? next : each)) })
                }
              />
              {periods.length > 1 && (
                <div>
                  <Button
                    size="desk"
                    onClick={() => onChange({ ...day, periods: periods.filter((_, nth) => nth !== place) })}
                    aria-label={t`Remove the times from ${times.startTime}`}
                  >
                    <Trans>Remove</Trans>
                  </Button>
                </div>
              )}
            </div>
          ))}
        <div className="flex flex-wrap gap-3">
          {kind === 'instead' && (
            <Button
              size="desk"
              onClick={() => onChange({ ...day, periods: [...periods, { startTime: '14:00', endTime: '18:00' }] })}
            >
              <Trans>Add times</Trans>
            </Button>
          )}
          <Button size="desk" onClick={onRemove} aria-label={t`Remove single day ${nth}`}>
            <Trans>Remove</Trans>
          </Button>
        </div>
      </fieldset>
    </Card>
  );
}
