import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { cancelAppointment, useAppointmentsChanged } from '../api/appointments.ts';
import { cancelFollowing } from '../api/series.ts';
import type { Appointment, CancellationCode } from '../api/types.ts';
import { doUnlessUndone } from '../frame/delayed.ts';
import { useDraft } from '../session/drafts.ts';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { When } from '../time/time.tsx';
import { dayAt, timeAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { type Scope, SeriesScope } from './series-scope.tsx';

const nothing = { reason: '', code: 'pat' as CancellationCode };

/** Whose doing it is; patients are asked nothing. */
const doings: [CancellationCode, MessageDescriptor][] = [
  ['pat', msg`The patient`],
  ['prov', msg`The practice`],
  ['other', msg`Something else`],
];

/** Asks why; the appointment is cancelled ten seconds later, unless that is undone. */
export function AppointmentCancel({ appointment, onClose }: { appointment: Appointment; onClose: () => void }) {
  const { i18n, t } = useLingui();
  const changed = useAppointmentsChanged();
  const isStaff = useHat(usePerson()) !== 'patient';
  const draft = useDraft(`appointment-cancel/${appointment.id}`, nothing);
  const [problem, setProblem] = useState<string>();
  const [scope, setScope] = useState<Scope>('one');

  function cancel() {
    const reason = draft.values.reason.trim();
    if (reason === '') return setProblem(t`Say in a few words why, for the practice.`);
    const [day, time] = [
      dayAt(appointment.start, appointment.zone, i18n.locale),
      timeAt(appointment.start, appointment.zone, i18n.locale),
    ];
    const code = isStaff ? draft.values.code : 'pat';
    const says =
      scope === 'one'
        ? t`The appointment of ${day}, ${time} will be cancelled.`
        : t`The appointment of ${day}, ${time} and those that follow in its series will be cancelled.`;
    doUnlessUndone(appointment.id, says, async () => {
      if (scope === 'one') changed(await cancelAppointment(appointment, code, reason));
      else {
        await cancelFollowing(appointment, code, reason);
        changed();
      }
      draft.clear();
    });
    onClose();
  }

  return (
    <Dialog title={t`Cancel this appointment?`} onClose={onClose}>
      <p className="font-medium">
        <When start={appointment.start} end={appointment.end} zone={appointment.zone} />
      </p>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          cancel();
        }}
      >
        <SeriesScope appointment={appointment} alsoMoved scope={scope} onChange={setScope} />
        {isStaff && (
          <ChoiceField
            label={t`Who cancels?`}
            value={draft.values.code}
            onChange={(event) => draft.set({ code: event.target.value as CancellationCode })}
          >
            {doings.map(([code, words]) => (
              <option key={code} value={code}>
                {i18n._(words)}
              </option>
            ))}
          </ChoiceField>
        )}
        <TextField
          data-first
          label={t`Why?`}
          isNeeded
          maxLength={500}
          value={draft.values.reason}
          problem={problem}
          onChange={(event) => draft.set({ reason: event.target.value })}
        />
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="danger">
            {scope === 'one' ? <Trans>Cancel the appointment</Trans> : <Trans>Cancel these appointments</Trans>}
          </Button>
          <Button onClick={onClose}>
            <Trans>Keep it</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
