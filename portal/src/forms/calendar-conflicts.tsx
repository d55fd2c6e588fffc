import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useAppointment } from '../api/appointments.ts';
import { useCalendarConflicts, useCalendars } from '../api/calendars.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import type { Calendar, CalendarConflict } from '../api/types.ts';
import { When } from '../time/time.tsx';
import { dateAt, momentAt, timeAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { AppointmentActions } from './appointment-actions.tsx';

/** Each appointment that stands where a calendar has taken the time too, with what took it, and the way to move or cancel it. */
export function CalendarConflicts({ practitionerId }: { practitionerId: string }) {
  const { t } = useLingui();
  const conflicts = useCalendarConflicts(practitionerId);
  const calendars = useCalendars(practitionerId).data?.items ?? [];
  return (
    <Remote
      of={conflicts}
      label={t`conflicts`}
      isNone={({ items }) => items.length === 0}
      none={<Trans>No appointment stands where one of these calendars has taken the time.</Trans>}
    >
      {({ items }) => (
        <>
          <p>
            <Trans>Move or cancel the appointment, or change what stands in the other calendar and read it now.</Trans>
          </p>
          <ul className="grid gap-2">
            {[...Map.groupBy(items, ({ appointmentId }) => appointmentId)].map(([id, ofOne]) => (
              <li key={id}>
                <ConflictLine conflicts={ofOne} calendars={calendars} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Remote>
  );
}

interface LineProps {
  /** Of one appointment, one at least. */
  conflicts: CalendarConflict[];
  calendars: Calendar[];
}

function ConflictLine({ conflicts, calendars }: LineProps) {
  const { t } = useLingui();
  const { appointmentId, start, end } = conflicts[0] as CalendarConflict;
  const appointment = useAppointment(appointmentId);
  const { patientId = '', zone = 'UTC', status } = appointment.data ?? {};
  const patient = usePatient(patientId, patientId !== '');
  const [isOpen, setOpen] = useState(false);
  const name = patient.data ? nameOfPatient(patient.data) : patient.error ? t`name could not be read` : '…';
  if (!appointment.data)
    return (
      <Card className="py-2">
        {appointment.error ? <Failure error={appointment.error} onRetry={appointment.refetch} /> : '…'}
      </Card>
    );
  return (
    <Card className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="grid gap-1">
        <p className="font-semibold">
          <When start={start} end={end} zone={zone} />
        </p>
        <p>
          {name}
          {status === 'pending' && (
            <>
              {' · '}
              <Trans>tentative: waits for confirmation</Trans>
            </>
          )}
        </p>
        {conflicts.map(({ calendarId, busyFrom, busyUntil }) => (
          <TakenBy
            key={calendarId + busyFrom}
            calendar={calendars.find(({ id }) => id === calendarId)?.name ?? '…'}
            from={busyFrom}
            until={busyUntil}
            zone={zone}
          />
        ))}
      </div>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`What to do with the appointment of ${name}`}>
        <Trans>What to do</Trans>
      </Button>
      {isOpen && <AppointmentActions appointment={appointment.data} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function TakenBy({ calendar, from, until, zone }: { calendar: string; from: string; until: string; zone: string }) {
  const { i18n } = useLingui();
  const isOneDay = dateAt(from, zone) === dateAt(until, zone);
  const [begin, end] = [from, until].map((each) => (isOneDay ? timeAt : momentAt)(each, zone, i18n.locale));
  return (
    <p className="text-sm text-quiet">
      <Trans>
        “{calendar}” has {begin} – {end} taken.
      </Trans>
    </p>
  );
}
