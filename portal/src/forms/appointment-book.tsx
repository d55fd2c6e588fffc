import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useAppointmentsChanged } from '../api/appointments.ts';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import { nameOfPatient, patientKey, usePatient } from '../api/patients.ts';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Practitioner } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { dateInWords, instantAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { SlotSearch } from '../ui/slot-search.tsx';
import { WhyNot } from '../ui/why-not.tsx';
import { PatientFind } from './patient-find.tsx';

interface Props {
  practitioner: Practitioner;
  day: string;
  onClose: () => void;
}

const nothing = { words: '', patientId: '', typeId: '', time: '', why: '' };

/** Books while somebody is on the telephone: a name, Enter, a free time, Enter. Closing it keeps what was typed. */
export function AppointmentBook({ practitioner, day, onClose }: Props) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const draft = useDraft(`appointment-book-by-staff/${practitioner.id}`, nothing);
  const { words, patientId, time, why } = draft.values;
  const types = practitioner.appointmentTypes;
  const typeId = draft.values.typeId || types[0]?.id || '';
  const patient = usePatient(patientId, patientId !== '');
  const booking = useBooking(practitioner.id, () => {
    draft.clear();
    onClose();
  });
  const zone = practitioner.places[0]?.zone ?? 'UTC';
  const start = /^\d{2}:\d{2}$/.test(time) ? instantAt(day, time, zone) : undefined;
  const book = (from: string, overbook?: { reason: string }) =>
    booking.mutate({ patientId, appointmentTypeId: typeId, start: from, overbook });

  return (
    <Dialog title={t`Book with ${nameOfPractitioner(practitioner)}`} onClose={onClose}>
      {patientId === '' ? (
        <PatientFind
          words={words}
          onWords={(typed) => draft.set({ words: typed })}
          onChoose={(chosen) => {
            client.setQueryData(patientKey(chosen.id), chosen);
            draft.set({ patientId: chosen.id });
          }}
        />
      ) : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3 rounded-field bg-accent-paper p-3">
            <p>
              <strong>{patient.data ? nameOfPatient(patient.data) : '…'}</strong>
              {patient.data && `, ${dateInWords(patient.data.birthDate, i18n.locale)}`}
            </p>
            <Button size="desk" onClick={() => draft.set({ patientId: '' })}>
              <Trans>Somebody else</Trans>
            </Button>
          </div>
          <ChoiceField
            label={t`Kind of visit`}
            value={typeId}
            onChange={(event) => draft.set({ typeId: event.target.value })}
          >
            {types.map(({ id, name, minutes }) => (
              <option key={id} value={id}>
                {t`${name}, ${minutes} minutes`}
              </option>
            ))}
          </ChoiceField>
          {booking.error && <Failure error={booking.error} />}
          <SlotSearch
            practitionerId={practitioner.id}
            practitioner={nameOfPractitioner(practitioner)}
            appointmentTypeId={typeId}
            from={day}
            onChoose={(slot) => book(slot.start)}
            busyStart={booking.isPending ? booking.variables.start : undefined}
          />
          <details open={time !== ''}>
            <summary className="cursor-pointer font-semibold text-accent">
              <Trans>A time that is not offered</Trans>
            </summary>
            <div className="grid gap-3 pt-3">
              <TextField
                label={t`Time on ${dateInWords(day, i18n.locale)}`}
                type="time"
                value={time}
                onChange={(event) => draft.set({ time: event.target.value })}
              />
              {start && <WhyNot practitionerId={practitioner.id} appointmentTypeId={typeId} at={start} />}
              <TextField
                label={t`Why it has to be then`}
                value={why}
                maxLength={500}
                onChange={(event) => draft.set({ why: event.target.value })}
              />
              <Button
                disabled={!start || why.trim() === ''}
                isBusy={booking.isPending}
                onClick={() => start && book(start, { reason: why.trim() })}
              >
                <Trans>Book it all the same</Trans>
              </Button>
            </div>
          </details>
        </>
      )}
    </Dialog>
  );
}

interface Wanted {
  patientId: string;
  appointmentTypeId: string;
  start: string;
  overbook?: { reason: string };
}

function useBooking(practitionerId: string, whenBooked: () => void) {
  const intent = useIntent();
  const changed = useAppointmentsChanged();
  return useMutation({
    mutationFn: (wanted: Wanted) => {
      const body = { practitionerId, ...wanted };
      return intent(body, (header) => told(api.POST('/api/appointments', { body, params: { header } })));
    },
    onSuccess: (booked) => {
      changed(booked);
      whenBooked();
    },
    onError: () => changed(),
  });
}
