import { Trans, useLingui } from '@lingui/react/macro';
import type { Practitioner, WorkingHours } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Card } from '../ui/page.tsx';
import { dayName, daysOfWeek } from '../words/waiting.ts';
import { PlaceField, TimesFields } from './times-fields.tsx';

interface Props {
  nth: number;
  hours: WorkingHours;
  practitioner: Practitioner;
  isTried: boolean;
  onChange: (hours: WorkingHours) => void;
  onRemove: () => void;
}

/** Hours of some days of the week. What of them cannot be set here is said, and stays as it is. */
export function WeeklyHours({ nth, hours, practitioner, isTried, onChange, onRemove }: Props) {
  const { i18n, t } = useLingui();
  const [pause] = hours.breaks ?? [];
  const types = practitioner.appointmentTypes
    .filter(({ id }) => hours.appointmentTypeIds?.includes(id))
    .map(({ name }) => name);
  return (
    <Card className="grid gap-3">
      <fieldset className="grid gap-3">
        <legend className="sr-only">
          <Trans>Hours {nth}</Trans>
        </legend>
        <Choices
          isRow
          legend={<Trans>On which days?</Trans>}
          problem={isTried && hours.daysOfWeek.length === 0 ? t`Choose at least one.` : undefined}
          options={daysOfWeek.map((value) => ({ value, label: dayName(value, i18n.locale, 'short') }))}
          chosen={hours.daysOfWeek}
          onChange={(chosen) => onChange({ ...hours, daysOfWeek: daysOfWeek.filter((day) => chosen.includes(day)) })}
        />
        <div className="grid grid-cols-2 gap-4 tablet:grid-cols-4">
          <TimesFields times={hours} isTried={isTried} onChange={(times) => onChange({ ...hours, ...times })} />
          <PlaceField
            places={practitioner.places}
            placeId={hours.placeId}
            onChange={(placeId) => onChange({ ...hours, placeId })}
          />
        </div>
        {(pause || types.length > 0 || hours.validFrom || hours.validUntil) && (
          <ul className="text-sm text-quiet">
            {hours.breaks?.map(({ startTime, endTime }) => (
              <li key={startTime}>
                <Trans>
                  Break from {startTime} to {endTime}
                </Trans>
              </li>
            ))}
            {types.length > 0 && (
              <li>
                <Trans>Only for: {types.join(', ')}</Trans>
              </li>
            )}
            {hours.validFrom && (
              <li>
                <Trans>From {dateInWords(hours.validFrom, i18n.locale)} on</Trans>
              </li>
            )}
            {hours.validUntil && (
              <li>
                <Trans>Until {dateInWords(hours.validUntil, i18n.locale)}</Trans>
              </li>
            )}
          </ul>
        )}
        <div>
          <Button size="desk" onClick={onRemove} aria-label={t`Remove hours ${nth}`}>
            <Trans>Remove</Trans>
          </Button>
        </div>
      </fieldset>
    </Card>
  );
}
