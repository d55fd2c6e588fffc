import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Appointment, Practitioner, Slot } from '../api/types.ts';
import { dateInWords, instantAt, isSkipped, timeAt } from '../time/zone.ts';
import { BookingCheck } from '../ui/booking-check.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { SlotSearch } from '../ui/slot-search.tsx';
import { skippedTime } from '../words/skipped-time.ts';
import { kindNamed } from '../words/visit-kinds.ts';
import { CallerFind } from './caller-find.tsx';
import { TimeRefused } from './time-refused.tsx';
import { useBooking } from './use-booking.ts';
import type { Caller } from './use-caller.ts';

interface Props {
  caller: Caller;
  practitioner: Practitioner;
  day: string;
  /** `09:30`: the time that was chosen in the agenda. */
  clock?: string;
  /** An instant: of a time that the clock shows twice that night, the one of its summer or winter time is meant. */
  like?: string;
  /** The name of the kind of visit that is looked for. */
  kind?: string;
  onBooked: (booked: Appointment) => void;
  onClose: () => void;
}

/** Books in one agenda: for whom, and then the time that was chosen, or one of those that are free. Closing it keeps what was typed. */
export function AppointmentBook({ caller, practitioner, day, clock = '', like, kind, onBooked, onClose }: Props) {
  const { i18n, t } = useLingui();
  const types = practitioner.appointmentTypes;
  const [typeId, setTypeId] = useState((kindNamed(practitioner, kind) ?? types[0])?.id ?? '');
  const [time, setTime] = useState(clock);
  const [chosen, choose] = useState<Slot>();
  const { patientId, why } = caller.values;
  const booking = useBooking((booked) => {
    onBooked(booked);
    caller.clear();
    onClose();
  });
  const zone = practitioner.places[0]?.zone ?? 'UTC';
  const name = nameOfPractitioner(practitioner);
  const isTime = /^\d{2}:\d{2}$/.test(time);
  const skipped = isTime && isSkipped(day, time, zone);
  const start = isTime && !skipped ? instantAt(day, time, zone, like) : undefined;
  const book = (from: string, overbook?: { reason: string }) =>
    booking.mutate(
      {
        patientId,
        practitionerId: practitioner.id,
        appointmentTypeId: typeId,
        start: from,
        ...(overbook && { overbook }),
      },
      // Was it taken meanwhile, others are offered.
      { onError: () => choose(undefined) },
    );
  const busyStart = booking.isPending ? booking.variables.start : undefined;
  return (
    <Dialog title={t`Book with ${name}`} onClose={onClose}>
      <p>
        {clock
          ? `${dateInWords(day, i18n.locale, 'full')}, ${start ? timeAt(start, zone, i18n.locale) : clock}`
          : dateInWords(day, i18n.locale, 'full')}
      </p>
      <CallerFind caller={caller} />
      {patientId !== '' && chosen && (
        <BookingCheck
          slot={chosen}
          practitioner={practitioner}
          patient={caller.patient}
          isBusy={booking.isPending}
          onBook={() => book(chosen.start)}
          onLeave={() => choose(undefined)}
        />
      )}
      {patientId !== '' && !chosen && types.length > 0 && (
        <>
          <ChoiceField label={t`Kind of visit`} value={typeId} onChange={(event) => setTypeId(event.target.value)}>
            {types.map(({ id, name, minutes }) => (
              <option key={id} value={id}>
                {t`${name}, ${minutes} minutes`}
              </option>
            ))}
          </ChoiceField>
          <TextField
            label={t`Time on ${dateInWords(day, i18n.locale)}`}
            hint={t`Left empty, all free times are shown`}
            type="time"
            problem={skipped ? i18n._(skippedTime) : undefined}
            value={time}
            onChange={(event) => setTime(event.target.value)}
          />
          {booking.error && <Failure error={booking.error} />}
          {start ? (
            <TimeRefused
              key={start + typeId}
              practitionerId={practitioner.id}
              practitioner={name}
              appointmentTypeId={typeId}
              at={start}
              why={why}
              onWhy={(words) => caller.set({ why: words })}
              onForce={(reason) => book(start, { reason })}
              forceLabel={<Trans>Book it all the same</Trans>}
              onChoose={choose}
              busyStart={busyStart}
              offered={
                <Button look="main" autoFocus isBusy={booking.isPending} onClick={() => book(start)}>
                  <Trans>Book {timeAt(start, zone, i18n.locale)}</Trans>
                </Button>
              }
            />
          ) : (
            <SlotSearch
              practitionerId={practitioner.id}
              practitioner={name}
              appointmentTypeId={typeId}
              from={day}
              onChoose={choose}
              busyStart={busyStart}
            />
          )}
        </>
      )}
      {patientId !== '' && types.length === 0 && (
        <p>
          <Trans>This practitioner offers no kind of visit yet.</Trans>
        </p>
      )}
    </Dialog>
  );
}
