import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { TimeAsked } from '../api/slots.ts';
import type { Practitioner } from '../api/types.ts';
import { now } from '../time/server-clock.ts';
import { dateAt, instantAt, isSkipped } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { WhyNot } from '../ui/why-not.tsx';
import { skippedTime } from '../words/skipped-time.ts';

/** Asks why a time is offered, or is not: nothing is sent that would have to be kept. */
export function TimeExplain({ practitioner }: { practitioner: Practitioner }) {
  const { i18n, t } = useLingui();
  const { appointmentTypes: types, places } = practitioner;
  const zone = places[0]?.zone ?? 'UTC';
  const [typed, setTyped] = useState({ typeId: types[0]?.id ?? '', day: dateAt(now(), zone), time: '' });
  const [asked, ask] = useState<TimeAsked>();
  const [isTried, setTried] = useState(false);
  const skipped = typed.day !== '' && typed.time !== '' && isSkipped(typed.day, typed.time, zone);
  const set = (change: Partial<typeof typed>) => {
    setTyped({ ...typed, ...change });
    // An answer is to what was asked.
    ask(undefined);
  };
  return (
    <form
      className="grid gap-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (typed.day === '' || typed.time === '' || typed.typeId === '' || skipped) return;
        const at = instantAt(typed.day, typed.time, zone);
        ask({ practitionerId: practitioner.id, appointmentTypeId: typed.typeId, at });
      }}
    >
      <div className="grid items-end gap-4 tablet:grid-cols-[2fr_1fr_1fr_auto]">
        <ChoiceField
          label={t`Kind of visit`}
          value={typed.typeId}
          onChange={(event) => set({ typeId: event.target.value })}
        >
          {types.map(({ id, name, minutes }) => (
            <option key={id} value={id}>
              {t`${name}, ${minutes} minutes`}
            </option>
          ))}
        </ChoiceField>
        <TextField
          type="date"
          label={t`Day`}
          isNeeded
          value={typed.day}
          problem={isTried && typed.day === '' ? t`Give a day.` : undefined}
          onChange={(event) => set({ day: event.target.value })}
        />
        <TextField
          type="time"
          label={t`Time`}
          isNeeded
          value={typed.time}
          problem={skipped ? i18n._(skippedTime) : isTried && typed.time === '' ? t`Give a time.` : undefined}
          onChange={(event) => set({ time: event.target.value })}
        />
        <Button type="submit">
          <Trans>Explain</Trans>
        </Button>
      </div>
      <div role="status">{asked && <WhyNot {...asked} />}</div>
    </form>
  );
}
