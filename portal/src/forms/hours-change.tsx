import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { setSchedule, useScheduleChanged } from '../api/schedules.ts';
import type { Practitioner, Schedule, WorkingHours } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { dayName, daysOfWeek } from '../words/waiting.ts';

interface Props {
  schedule: Schedule;
  practitioner: Practitioner;
}

const isComplete = ({ daysOfWeek, startTime, endTime }: WorkingHours) =>
  daysOfWeek.length > 0 && startTime !== '' && endTime !== '' && startTime !== endTime;

/** Sets the hours of a week. What is booked already stays booked. Of hours, what cannot be set here stays as it is. */
export function HoursChange({ schedule, practitioner }: Props) {
  const { t } = useLingui();
  const changed = useScheduleChanged(practitioner.id);
  const stored = useMemo(() => ({ hours: schedule.hours }), [schedule.hours]);
  const draft = useDraft<{ hours: WorkingHours[] }>(`hours-change/${practitioner.id}`, stored);
  const hours = draft.isDirty ? draft.values.hours : stored.hours;
  useLeaveQuestion(draft.isDirty);
  const [isTried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => setSchedule(schedule, { hours }),
    onSuccess: (saved) => {
      draft.clear();
      setTried(false);
      changed(saved);
    },
    // Somebody changed them meanwhile: what they are now is read, and what was typed stays.
    onError: () => changed(),
  });
  const set = (next: WorkingHours[]) => draft.set({ hours: next });
  const place = practitioner.places[0];
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (hours.every(isComplete) && !saving.isPending) saving.mutate();
      }}
    >
      {hours.length === 0 && (
        <p className="text-quiet">
          <Trans>There are no hours: no time is offered.</Trans>
        </p>
      )}
      {hours.map((each, nth) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
          key={nth}
          nth={nth + 1}
          hours={each}
          practitioner={practitioner}
          isTried={isTried}
          onChange={(next) => set(hours.map((other, place) => (place === nth ? next : other)))}
          onRemove={() => set(hours.filter((_other, place) => place !== nth))}
        />
      ))}
      {saving.error && <Failure error={saving.error} />}
      {saving.isSuccess && !draft.isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      <div className="flex flex-wrap gap-3">
        {place && (
          <Button
            onClick={() => set([...hours, { placeId: place.id, daysOfWeek: [], startTime: '09:00', endTime: '12:00' }])}
          >
            <Trans>Add hours</Trans>
          </Button>
        )}
        {draft.isDirty && (
          <>
            <Button type="submit" look="main" isBusy={saving.isPending}>
              <Trans>Save the hours</Trans>
            </Button>
            <Button look="quiet" onClick={draft.clear}>
              <Trans>Take back what I typed</Trans>
            </Button>
          </>
        )}
      </div>
    </form>
  );
}

interface RowProps {
  nth: number;
  hours: WorkingHours;
  practitioner: Practitioner;
  isTried: boolean;
  onChange: (hours: WorkingHours) => void;
  onRemove: () => void;
}

function Row({ nth, hours, practitioner, isTried, onChange, onRemove }: RowProps) {
  const { i18n, t } = useLingui();
  const { places, appointmentTypes } = practitioner;
  const [pause] = hours.breaks ?? [];
  const types = appointmentTypes.filter(({ id }) => hours.appointmentTypeIds?.includes(id)).map(({ name }) => name);
  const isSameTime = hours.startTime === hours.endTime || hours.startTime === '' || hours.endTime === '';
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
          <TextField
            type="time"
            label={t`From`}
            value={hours.startTime}
            onChange={(event) => onChange({ ...hours, startTime: event.target.value })}
          />
          <TextField
            type="time"
            label={t`Until`}
            value={hours.endTime === '24:00' ? '00:00' : hours.endTime}
            problem={isTried && isSameTime ? t`Give two different times.` : undefined}
            onChange={({ target: { value } }) => onChange({ ...hours, endTime: value === '00:00' ? '24:00' : value })}
          />
          {places.length > 1 && (
            <ChoiceField
              label={t`Place`}
              value={hours.placeId}
              onChange={(event) => onChange({ ...hours, placeId: event.target.value })}
            >
              {places.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </ChoiceField>
          )}
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
