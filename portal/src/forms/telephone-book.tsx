import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { nameOfPractitioner } from '../api/practitioners.ts';
import { problemOf } from '../api/problem.ts';
import type { Appointment, Practitioner, Slot } from '../api/types.ts';
import { useZoneBeside } from '../time/time.tsx';
import { dayAt, timeAt } from '../time/zone.ts';
import { BookingCheck } from '../ui/booking-check.tsx';
import { Failure } from '../ui/failure.tsx';
import { FirstTimes } from '../ui/first-times.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { CallerFind } from './caller-find.tsx';
import { useBooking } from './use-booking.ts';
import type { Caller } from './use-caller.ts';

interface Props {
  caller: Caller;
  /** Those whose agendas are shown: with them a time is looked for. */
  practitioners: readonly Practitioner[];
  /** From which day on. */
  day: string;
  kind?: string;
  field: RefObject<HTMLInputElement | null>;
  /** What was booked last, and hears of what is. */
  booked?: Appointment;
  onBooked: (booked: Appointment) => void;
}

/**
 * Books while somebody is on the telephone: F2, a name, Enter; Enter takes the first free time of all who are shown, any other is an
 * arrow away, or in the agendas below; and Enter once more books what was read back.
 */
export function TelephoneBook({ caller, practitioners, day, kind, field, booked, onBooked }: Props) {
  const { t } = useLingui();
  const { patientId } = caller.values;
  const [chosen, choose] = useState<Slot>();
  const isNextSought = useRef(false);
  const searchNext = () => {
    isNextSought.current = true;
  };
  // The field is there again only then.
  useEffect(() => {
    if (patientId === '') choose(undefined);
    if (patientId !== '' || !isNextSought.current) return;
    isNextSought.current = false;
    field.current?.focus();
  }, [patientId, field]);
  const booking = useBooking((done) => {
    onBooked(done);
    caller.clear();
    // Once it is booked the next may call.
    searchNext();
  });
  const taken = problemOf(booking.error)?.nextFreeSlots as Slot[] | undefined;
  const forget = () => {
    caller.forget();
    booking.reset();
    searchNext();
  };
  const book = ({ practitionerId, appointmentTypeId, start }: Slot) =>
    booking.mutate(
      { patientId, practitionerId, appointmentTypeId, start },
      // Was it taken meanwhile, others are offered.
      { onError: () => choose(undefined) },
    );
  return (
    <section
      aria-label={t`Book by telephone`}
      data-caller
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || patientId === '') return;
        if (chosen) choose(undefined);
        else forget();
      }}
    >
      <Card className={`grid content-start gap-4 py-3 ${patientId === '' ? '' : 'desk:grid-cols-2'}`}>
        <div className="grid max-w-4xl content-start gap-3">
          <CallerFind caller={caller} field={field} shortcut="F2" />
          {booked && patientId === '' && <Booked appointment={booked} practitioners={practitioners} />}
        </div>
        {patientId !== '' && (
          <div className="grid content-start gap-3">
            {booking.error && <Failure error={booking.error} />}
            <FirstTimes
              practitioners={practitioners}
              day={day}
              kind={kind}
              nearest={taken}
              chosen={chosen}
              // Chosen once more it is read back once more, which takes the focus.
              onChoose={(slot) => choose({ ...slot })}
              isBusy={booking.isPending}
            />
            {chosen && (
              <BookingCheck
                slot={chosen}
                practitioner={practitioners.find(({ id }) => id === chosen.practitionerId)}
                patient={caller.patient}
                isBusy={booking.isPending}
                onBook={() => book(chosen)}
                onLeave={() => choose(undefined)}
              />
            )}
          </div>
        )}
      </Card>
    </section>
  );
}

function Booked({ appointment, practitioners }: { appointment: Appointment; practitioners: readonly Practitioner[] }) {
  const { i18n, t } = useLingui();
  const { id, patientId, practitionerId, start, zone } = appointment;
  const [clock, day] = [timeAt, dayAt].map((words) => words(start, zone, i18n.locale));
  const beside = useZoneBeside()(start, zone);
  const time = beside ? `${clock} (${beside})` : clock;
  const practitioner = practitioners.find((each) => each.id === practitionerId);
  const name = practitioner ? nameOfPractitioner(practitioner) : '…';
  return (
    <Notice look="good" role="status" title={t`Booked: ${time}, ${day}, with ${name}`}>
      <p>
        <Link
          to="/patients/$patientId/appointments/$appointmentId"
          params={{ patientId, appointmentId: id }}
          className="text-sm"
        >
          <Trans>Show the appointment</Trans>
        </Link>
      </p>
    </Notice>
  );
}
