import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { MessagePolicy, MessagePolicyTrial, Practitioner } from '../api/types.ts';
import { now } from '../time/server-clock.ts';
import { dateAt, daysAfter, instantAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { PolicyTried } from '../ui/policy-tried.tsx';

interface Props {
  practitioners: readonly Practitioner[];
  /** What is typed and not saved; left out, what is in force is tried. */
  policy?: MessagePolicy;
}

/** Days from today on which the appointment is that is proposed: all usual reminders lie before it. */
const proposedDays = 14;

/** Shows what an appointment would send when: nothing is booked, nor sent. */
export function MessagePolicyTry({ practitioners, policy }: Props) {
  const { t } = useLingui();
  const kinds = practitioners.flatMap((practitioner) =>
    practitioner.appointmentTypes.map((type) => ({ ...type, practitioner })),
  );
  const zone = practitioners[0]?.places[0]?.zone ?? 'UTC';
  const today = dateAt(now(), zone);
  const [typed, setTyped] = useState({
    ...{ typeId: kinds[0]?.id ?? '', day: daysAfter(today, proposedDays), time: '09:30' },
    ...{ bookedDay: '', bookedTime: '' },
  });
  const [isTried, setTried] = useState(false);
  const [asked, ask] = useState<MessagePolicyTrial>();
  const set = (change: Partial<typeof typed>) => {
    setTyped({ ...typed, ...change });
    // An answer is to what was asked.
    ask(undefined);
  };
  const isHalfBooked = (typed.bookedDay === '') !== (typed.bookedTime === '');
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (typed.typeId === '' || typed.day === '' || typed.time === '' || isHalfBooked) return;
        const itsZone = kinds.find(({ id }) => id === typed.typeId)?.practitioner.places[0]?.zone ?? zone;
        ask({
          appointmentTypeId: typed.typeId,
          start: instantAt(typed.day, typed.time, itsZone),
          ...(typed.bookedDay && { bookedAt: instantAt(typed.bookedDay, typed.bookedTime, itsZone) }),
          ...(policy && { policy }),
        });
      }}
    >
      <ChoiceField
        label={t`Kind of visit`}
        value={typed.typeId}
        onChange={(event) => set({ typeId: event.target.value })}
      >
        {kinds.map(({ id, name, practitioner }) => (
          <option key={id} value={id}>
            {`${name} (${nameOfPractitioner(practitioner)})`}
          </option>
        ))}
      </ChoiceField>
      <div className="grid items-end gap-4 tablet:grid-cols-4">
        <TextField
          type="date"
          label={t`Day of the appointment`}
          value={typed.day}
          problem={isTried && typed.day === '' ? t`Give a day.` : undefined}
          onChange={(event) => set({ day: event.target.value })}
        />
        <TextField
          type="time"
          label={t`Time of the appointment`}
          value={typed.time}
          problem={isTried && typed.time === '' ? t`Give a time.` : undefined}
          onChange={(event) => set({ time: event.target.value })}
        />
        <TextField
          type="date"
          label={t`Booked on (left empty: now)`}
          value={typed.bookedDay}
          problem={isTried && isHalfBooked && typed.bookedDay === '' ? t`Give a day.` : undefined}
          onChange={(event) => set({ bookedDay: event.target.value })}
        />
        <TextField
          type="time"
          label={t`Booked at (left empty: now)`}
          value={typed.bookedTime}
          problem={isTried && isHalfBooked && typed.bookedTime === '' ? t`Give a time.` : undefined}
          onChange={(event) => set({ bookedTime: event.target.value })}
        />
      </div>
      <div>
        <Button type="submit">
          <Trans>Show what it would send</Trans>
        </Button>
      </div>
      <div role="status">{asked && <PolicyTried trial={asked} />}</div>
    </form>
  );
}
