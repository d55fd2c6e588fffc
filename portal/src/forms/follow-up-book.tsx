import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useAppointmentsChanged } from '../api/appointments.ts';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Appointment, Practitioner, Slot } from '../api/types.ts';
import { now } from '../time/server-clock.ts';
import { When } from '../time/time.tsx';
import { dateAt, dateInWords, daysAfter } from '../time/zone.ts';
import { BookingCheck } from '../ui/booking-check.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { SlotSearch } from '../ui/slot-search.tsx';

interface Props {
  patientId: string;
  practitioner: Practitioner;
  /** Of what kind it mostly is: that of the visit before it. */
  typeId?: string;
  onClose: () => void;
}

/** Days after which free times are searched. */
const later = [0, 7, 14, 30, 91, 182] as const;

/**
 * Books the next visit before the patient leaves: the focus comes to the free times, the first of which is a Tab away, Enter chooses it,
 * and books it once it was read back. Nothing is typed.
 */
export function FollowUpBook({ patientId, practitioner, typeId, onClose }: Props) {
  const { i18n, t } = useLingui();
  const types = practitioner.appointmentTypes;
  const [chosen, choose] = useState(types.find(({ id }) => id === typeId)?.id ?? types[0]?.id ?? '');
  const [days, setDays] = useState<number>(0);
  const [slot, setSlot] = useState<Slot>();
  const patient = usePatient(patientId);
  const booking = useFollowUp(patientId);
  const today = dateAt(now(), practitioner.places[0]?.zone ?? 'UTC');
  const name = patient.data ? nameOfPatient(patient.data) : '…';
  const laterNames: Record<(typeof later)[number], string> = {
    0: t`as soon as possible`,
    7: t`in a week`,
    14: t`in two weeks`,
    30: t`in a month`,
    91: t`in three months`,
    182: t`in six months`,
  };
  return (
    <Dialog title={t`Follow-up`} onClose={onClose}>
      <p>
        <strong>{name}</strong>
        {patient.data && `, ${dateInWords(patient.data.birthDate, i18n.locale)}`}
      </p>
      {booking.data ? (
        <Booked appointment={booking.data} onClose={onClose} />
      ) : slot ? (
        <BookingCheck
          slot={slot}
          practitioner={practitioner}
          isBusy={booking.isPending}
          onBook={() => booking.mutate(slot, { onError: () => setSlot(undefined) })}
          onLeave={() => setSlot(undefined)}
        />
      ) : (
        <>
          <ChoiceField label={t`Kind of visit`} value={chosen} onChange={(event) => choose(event.target.value)}>
            {types.map(({ id, name, minutes }) => (
              <option key={id} value={id}>
                {t`${name}, ${minutes} minutes`}
              </option>
            ))}
          </ChoiceField>
          <fieldset className="flex flex-wrap gap-2">
            <legend className="mb-1 font-semibold">
              <Trans>When?</Trans>
            </legend>
            {later.map((each) => (
              <Button
                key={each}
                size="desk"
                look={each === days ? 'main' : 'plain'}
                aria-pressed={each === days}
                onClick={() => setDays(each)}
              >
                {laterNames[each]}
              </Button>
            ))}
          </fieldset>
          {booking.error && <Failure error={booking.error} />}
          {chosen !== '' && (
            <SlotSearch
              key={days}
              practitionerId={practitioner.id}
              practitioner={nameOfPractitioner(practitioner)}
              appointmentTypeId={chosen}
              from={daysAfter(today, days)}
              onChoose={setSlot}
            />
          )}
        </>
      )}
    </Dialog>
  );
}

function Booked({ appointment, onClose }: { appointment: Appointment; onClose: () => void }) {
  const { t } = useLingui();
  const { patientId, id, start, end, zone } = appointment;
  const done = useRef<HTMLSpanElement>(null);
  // The time that had the focus is gone.
  useEffect(() => done.current?.querySelector('button')?.focus(), []);
  return (
    <>
      <Notice look="good" role="status" title={t`The follow-up is booked`}>
        <p>
          <When start={start} end={end} zone={zone} />
        </p>
      </Notice>
      <div className="flex flex-wrap items-center gap-4">
        <span ref={done}>
          <Button look="main" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </span>
        <Link
          to="/patients/$patientId/appointments/$appointmentId"
          params={{ patientId, appointmentId: id }}
          onClick={onClose}
        >
          <Trans>Print it, or change it</Trans>
        </Link>
      </div>
    </>
  );
}

function useFollowUp(patientId: string) {
  const intent = useIntent();
  const changed = useAppointmentsChanged();
  return useMutation({
    mutationFn: ({ practitionerId, appointmentTypeId, start }: Slot) => {
      const body = { patientId, practitionerId, appointmentTypeId, start };
      return intent(body, (header) => told(api.POST('/api/appointments', { body, params: { header } })));
    },
    onSuccess: changed,
    // What was taken meanwhile leaves the list.
    onError: () => changed(),
  });
}
