import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { setSchedule, useScheduleChanged } from '../api/schedules.ts';
import type { Absence, Practitioner, Schedule } from '../api/types.ts';
import { now } from '../time/server-clock.ts';
import { dateAt, dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card } from '../ui/page.tsx';

/** The absences that are not over, each of which can be taken back: appointments that it moved stay where they are now. */
export function AbsencesEnd({ schedule, practitioner }: { schedule: Schedule; practitioner: Practitioner }) {
  const { t } = useLingui();
  const changed = useScheduleChanged(practitioner.id);
  const ending = useMutation({
    mutationFn: (absence: Absence) =>
      setSchedule(schedule, { absences: schedule.absences.filter((each) => each !== absence) }),
    onSuccess: changed,
    onError: () => changed(),
  });
  const today = dateAt(now(), practitioner.places[0]?.zone ?? 'UTC');
  const coming = schedule.absences
    .filter(({ endDate }) => endDate >= today)
    .sort((a, b) => a.startDate.localeCompare(b.startDate));
  return (
    <>
      {ending.error && <Failure error={ending.error} />}
      {coming.length === 0 && (
        <p className="text-quiet">
          <Trans>No absence is planned.</Trans>
        </p>
      )}
      <ul className="grid gap-2">
        {coming.map((each) => (
          <li key={`${each.startDate} ${each.startTime ?? ''} ${each.endDate}`}>
            <Card className="flex flex-wrap items-center justify-between gap-3 py-2">
              <span>
                <AbsenceInWords absence={each} />
              </span>
              <Button
                size="desk"
                isBusy={ending.isPending && ending.variables === each}
                onClick={() => !ending.isPending && ending.mutate(each)}
                aria-label={t`Take back the absence from ${each.startDate}`}
              >
                <Trans>Take back</Trans>
              </Button>
            </Card>
          </li>
        ))}
      </ul>
    </>
  );
}

/** `Monday 23 November 2026, 14:00, until Friday 27 November 2026`. */
export function AbsenceInWords({ absence }: { absence: Absence }) {
  const { i18n } = useLingui();
  const { startDate, startTime, endDate, endTime } = absence;
  const words = (date: string, time?: string) => `${dateInWords(date, i18n.locale, 'full')}${time ? `, ${time}` : ''}`;
  if (startDate === endDate && !startTime && !endTime) return words(startDate);
  const [from, until] = [words(startDate, startTime), words(endDate, endTime)];
  return (
    <Trans>
      {from} until {until}
    </Trans>
  );
}
