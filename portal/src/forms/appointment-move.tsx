import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { nameOfPractitioner, usePractitioners, zoneOf } from '../api/practitioners.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { now } from '../time/server-clock.ts';
import { When } from '../time/time.tsx';
import { dateAt, instantAt, isOtherClock, isShownTwice, isSkipped, timeAt, zoneInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { KindChoice } from '../ui/kind-there.tsx';
import { Remote } from '../ui/remote.tsx';
import { SlotSearch } from '../ui/slot-search.tsx';
import { skippedTime } from '../words/skipped-time.ts';
import { kindLike, kindNamed } from '../words/visit-kinds.ts';
import { TimeRefused } from './time-refused.tsx';
import { useMove } from './use-move.ts';

/** Moves an appointment to another day, or to another practitioner, without leaving the agenda; undone within ten seconds. */
export function AppointmentMove({ appointment, onClose }: { appointment: Appointment; onClose: () => void }) {
  const { t } = useLingui();
  const practitioners = usePractitioners('');
  return (
    <Dialog title={t`Move the appointment`} onClose={onClose}>
      <p>
        <Trans>Until you choose another time you keep the one you have:</Trans>{' '}
        <strong>
          <When start={appointment.start} end={appointment.end} zone={appointment.zone} />
        </strong>
      </p>
      <Remote of={practitioners} label={t`practitioners`}>
        {(all) => <Choose appointment={appointment} all={all} onClose={onClose} />}
      </Remote>
    </Dialog>
  );
}

interface ChooseProps {
  appointment: Appointment;
  all: Practitioner[];
  onClose: () => void;
}

function Choose({ appointment, all, onClose }: ChooseProps) {
  const { i18n, t } = useLingui();
  const move = useMove();
  const own = all.find(({ id }) => id === appointment.practitionerId);
  const [whoId, setWho] = useState(appointment.practitionerId);
  const today = dateAt(now(), appointment.zone);
  const itsDay = dateAt(appointment.start, appointment.zone);
  const [day, setDay] = useState(itsDay < today ? today : itsDay);
  const [time, setTime] = useState('');
  const [why, setWhy] = useState('');
  const [typeThere, setTypeThere] = useState('');
  const practitioner = all.find(({ id }) => id === whoId);
  const kind = own?.appointmentTypes.find(({ id }) => id === appointment.appointmentTypeId);
  const isHandedOver = practitioner !== undefined && practitioner !== own;
  const same = isHandedOver && kind ? kindNamed(practitioner, kind.name) : kind;
  const proposed = isHandedOver ? kindLike(practitioner, kind) : undefined;
  const chosen = isHandedOver ? practitioner.appointmentTypes.find(({ id }) => id === typeThere) : undefined;
  const there = same ?? chosen ?? proposed;
  const zone = isHandedOver ? zoneOf(practitioner) : appointment.zone;
  const appointmentTypeId = there?.id ?? (practitioner === own ? appointment.appointmentTypeId : undefined);
  const isTime = /^\d{2}:\d{2}$/.test(time) && day !== '';
  const skipped = isTime && isSkipped(day, time, zone);
  const start = isTime && !skipped ? instantAt(day, time, zone, appointment.start) : undefined;
  const noon = instantAt(day, '12:00', zone);
  function moveTo(where: { start: string; reason?: string }) {
    if (!practitioner || !appointmentTypeId) return;
    move(appointment, { ...where, practitioner, appointmentTypeId });
    onClose();
  }
  const asked = practitioner &&
    appointmentTypeId && {
      practitionerId: practitioner.id,
      practitioner: nameOfPractitioner(practitioner),
      appointmentTypeId,
    };
  return (
    <>
      <div className="grid gap-4 tablet:grid-cols-3">
        <ChoiceField label={t`With`} value={whoId} onChange={(event) => setWho(event.target.value)}>
          {all.map((each) => (
            <option key={each.id} value={each.id}>
              {nameOfPractitioner(each)}
            </option>
          ))}
        </ChoiceField>
        <TextField
          data-first
          type="date"
          label={t`From day`}
          min={today}
          value={day}
          onChange={(event) => event.target.value && setDay(event.target.value)}
        />
        <TextField
          type="time"
          label={t`At a certain time`}
          hint={isOtherClock(noon, zone, appointment.zone) ? zoneInWords(noon, zone, i18n.locale) : undefined}
          problem={skipped ? i18n._(skippedTime) : undefined}
          value={time}
          onChange={(event) => setTime(event.target.value)}
        />
      </div>
      {isHandedOver && same && (
        <p className="text-sm text-quiet">
          <Trans>There it is: {same.name}. It keeps its length.</Trans>
        </p>
      )}
      {isHandedOver && !same && there && (
        <KindChoice practitioner={practitioner} value={there.id} onChange={setTypeThere} />
      )}
      {practitioner && !appointmentTypeId && (
        <p>
          <Trans>This practitioner offers no kind of visit yet.</Trans>
        </p>
      )}
      {asked && start && (
        <TimeRefused
          key={start + asked.practitionerId}
          {...asked}
          at={start}
          moving={appointment}
          why={why}
          onWhy={setWhy}
          onForce={(reason) => moveTo({ start, reason })}
          forceLabel={<Trans>Move it all the same</Trans>}
          onChoose={(slot) => moveTo(slot)}
          offered={
            <div>
              <Button look="main" onClick={() => moveTo({ start })}>
                {isShownTwice(start, zone) ? (
                  <Trans>Move it to {timeAt(start, zone, i18n.locale)}</Trans>
                ) : (
                  <Trans>Move it there</Trans>
                )}
              </Button>
            </div>
          }
        />
      )}
      {asked && !start && <SlotSearch {...asked} from={day} isFirst={false} onChoose={(slot) => moveTo(slot)} />}
    </>
  );
}
