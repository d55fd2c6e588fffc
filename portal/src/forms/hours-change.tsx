import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { setSchedule, useScheduleChanged } from '../api/schedules.ts';
import type { Practitioner, Schedule } from '../api/types.ts';
import { useLeaveQuestion } from '../session/drafts.ts';
import { now } from '../time/server-clock.ts';
import { dateAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { DayOtherwise } from './day-otherwise.tsx';
import { type Hours, type HoursDraft, isSaidTwice, isWhole, storedAs } from './schedule-draft.ts';
import { WeeklyHours } from './weekly-hours.tsx';

interface Props {
  schedule: Schedule;
  practitioner: Practitioner;
  draft: HoursDraft;
  /** On how many days of the coming four weeks it would be otherwise than it is. */
  daysChanged: number;
  /** What the coming weeks would be. */
  children: ReactNode;
}

/** Sets the hours of a week and of single days. What is booked already stays booked. Of hours, what cannot be set here stays as it is. */
export function HoursChange({ schedule, practitioner, draft, daysChanged, children }: Props) {
  const { t } = useLingui();
  const changed = useScheduleChanged(practitioner.id);
  const { values, isDirty, stored } = draft;
  const { hours, days } = values;
  useLeaveQuestion(isDirty);
  const [isTried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => {
      const { exceptions, extraOpenings } = storedAs(values);
      return setSchedule(schedule, { hours, ...(days !== stored.days && { exceptions, extraOpenings }) });
    },
    onSuccess: (saved) => {
      draft.clear();
      setTried(false);
      changed(saved);
    },
    // Somebody changed them meanwhile: what they are now is read, and what was typed stays.
    onError: () => changed(),
  });
  const place = practitioner.places[0];
  const today = dateAt(now(), place?.zone ?? 'UTC');
  /** In its place, or taken out. */
  const setNth = <K extends keyof Hours>(of: K, nth: number, next?: Hours[K][number]) => {
    const all: Hours[K][number][] = values[of];
    draft.set({ [of]: all.flatMap((each, place) => (place !== nth ? [each] : next ? [next] : [])) });
  };
  return (
    <form
      className="grid gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isWhole(values) && !saving.isPending) saving.mutate();
      }}
    >
      <section className="grid gap-3" aria-labelledby="hours">
        <h2 id="hours">
          <Trans>Weekly hours</Trans>
        </h2>
        {hours.length === 0 && (
          <p className="text-quiet">
            <Trans>There are no hours: no time is offered.</Trans>
          </p>
        )}
        {hours.map((each, nth) => (
          <WeeklyHours
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
            key={nth}
            nth={nth + 1}
            hours={each}
            practitioner={practitioner}
            isTried={isTried}
            onChange={(next) => setNth('hours', nth, next)}
            onRemove={() => setNth('hours', nth)}
          />
        ))}
        {place && (
          <div>
            <Button
              onClick={() =>
                draft.set({
                  hours: [...hours, { placeId: place.id, daysOfWeek: [], startTime: '09:00', endTime: '12:00' }],
                })
              }
            >
              <Trans>Add hours</Trans>
            </Button>
          </div>
        )}
      </section>
      <section className="grid gap-3" aria-labelledby="single-days">
        <h2 id="single-days">
          <Trans>Single days</Trans>
        </h2>
        <p className="text-quiet">
          <Trans>On which it is otherwise than in other weeks. What is set here holds on public holidays too.</Trans>
        </p>
        {days.map((each, nth) =>
          // Of days that have passed nothing is to be set; they stay as they are.
          each.date !== '' && each.date < today && stored.days.includes(each) ? null : (
            <DayOtherwise
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
              key={nth}
              nth={nth + 1}
              day={each}
              isTwice={isSaidTwice(each, days)}
              practitioner={practitioner}
              today={today}
              isTried={isTried}
              onChange={(next) => setNth('days', nth, next)}
              onRemove={() => setNth('days', nth)}
            />
          ),
        )}
        {place && (
          <div>
            <Button
              onClick={() =>
                draft.set({ days: [...days, { kind: 'closed', date: '', placeId: place.id, periods: [] }] })
              }
            >
              <Trans>Add a single day</Trans>
            </Button>
          </div>
        )}
      </section>
      {children}
      {saving.error && <Failure error={saving.error} />}
      {saving.isSuccess && !isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      {isDirty && (
        <div className="sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-paper px-4 py-2">
          <Button type="submit" size="desk" look="main" isBusy={saving.isPending}>
            <Trans>Save the hours</Trans>
          </Button>
          <Button size="desk" look="quiet" onClick={draft.clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
          <p className="text-sm">
            {daysChanged === 0 ? (
              <Trans>The coming four weeks stay as they are.</Trans>
            ) : (
              <Plural
                value={daysChanged}
                one="# day of the coming four weeks becomes otherwise, and is marked."
                other="# days of the coming four weeks become otherwise, and are marked."
              />
            )}
          </p>
        </div>
      )}
    </form>
  );
}
