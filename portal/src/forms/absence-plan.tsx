import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useIntent } from '../api/intent.ts';
import { makeAbsent, previewAbsence, useScheduleChanged } from '../api/schedules.ts';
import type { AbsencePlanRequest, Practitioner } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { now } from '../time/server-clock.ts';
import { dateAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { AbsenceTouched } from './absence-touched.tsx';

interface Draft {
  startDate: string;
  startTime: string;
  endDate: string;
  endTime: string;
  action: AbsencePlanRequest['action'];
  reason: string;
}

const planOf = ({ startDate, startTime, endDate, endTime, action }: Draft): AbsencePlanRequest => ({
  startDate,
  endDate,
  action,
  ...(startTime && { startTime }),
  ...(endTime && { endTime }),
});

type Lack = 'startDate' | 'endDate' | 'endTime' | 'reason';

function lacksOf({ startDate, startTime, endDate, endTime, reason }: Draft): Set<Lack> {
  const lacks = new Set<Lack>();
  if (startDate === '') lacks.add('startDate');
  if (endDate === '' || endDate < startDate) lacks.add('endDate');
  if (startDate === endDate && endTime && endTime <= (startTime || '00:00')) lacks.add('endTime');
  if (reason.trim() === '') lacks.add('reason');
  return lacks;
}

/** Makes somebody absent: shows first, patient by patient, what becomes of the appointments, and then does exactly that. */
export function AbsencePlan({ practitioner }: { practitioner: Practitioner }) {
  const { t } = useLingui();
  const zone = practitioner.places[0]?.zone ?? 'UTC';
  const today = dateAt(now(), zone);
  const nothing = useMemo(
    (): Draft => ({ startDate: '', startTime: '', endDate: '', endTime: '', action: 'move', reason: '' }),
    [],
  );
  const draft = useDraft(`absence-plan/${practitioner.id}`, nothing);
  useLeaveQuestion(draft.isDirty);
  const intent = useIntent();
  const changed = useScheduleChanged(practitioner.id);
  const [isTried, setTried] = useState(false);
  const { values } = draft;
  const lacks = isTried ? lacksOf(values) : new Set();
  const preview = useMutation({ mutationFn: () => previewAbsence(practitioner.id, planOf(values)) });
  const making = useMutation({
    mutationFn: (token: string) => {
      const body = { ...planOf(values), token, reason: values.reason.trim() };
      return intent(body, (header) => makeAbsent(practitioner.id, body, header));
    },
    onSuccess: () => {
      draft.clear();
      setTried(false);
      preview.reset();
      changed();
    },
    // What has changed since is shown by another preview.
    onError: () => preview.reset(),
  });
  const set = (change: Partial<Draft>) => {
    draft.set(change);
    // A preview is of the words that it was asked for.
    if (!('reason' in change)) preview.reset();
    making.reset();
  };
  return (
    <Card>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (lacksOf(values).size === 0 && !preview.isPending) preview.mutate();
        }}
      >
        <h3 className="font-semibold">
          <Trans>Plan an absence</Trans>
        </h3>
        <div className="grid items-end gap-4 tablet:grid-cols-4">
          <TextField
            type="date"
            label={t`First day`}
            isNeeded
            min={today}
            value={values.startDate}
            problem={lacks.has('startDate') ? t`Give the first day.` : undefined}
            onChange={({ target: { value } }) =>
              set({ startDate: value, ...(values.endDate < value && { endDate: value }) })
            }
          />
          <TextField
            type="time"
            label={t`From (else all day)`}
            value={values.startTime}
            onChange={(event) => set({ startTime: event.target.value })}
          />
          <TextField
            type="date"
            label={t`Last day`}
            isNeeded
            min={values.startDate || today}
            value={values.endDate}
            problem={lacks.has('endDate') ? t`Give a last day that is not before the first.` : undefined}
            onChange={(event) => set({ endDate: event.target.value })}
          />
          <TextField
            type="time"
            label={t`Until (else all day)`}
            value={values.endTime}
            problem={lacks.has('endTime') ? t`Give a time after the first.` : undefined}
            onChange={(event) => set({ endTime: event.target.value })}
          />
        </div>
        <Choices
          isOne
          legend={<Trans>What becomes of appointments that are booked then?</Trans>}
          options={[
            {
              value: 'move',
              label: t`Each moves to the first free time after it; where there is none, it is cancelled`,
            },
            { value: 'cancel', label: t`All are cancelled` },
          ]}
          chosen={[values.action]}
          onChange={([action = 'move']) => set({ action })}
        />
        <TextField
          label={t`Why, for patients whose appointment is cancelled`}
          isNeeded
          maxLength={500}
          value={values.reason}
          problem={lacks.has('reason') ? t`Say in a few words why.` : undefined}
          onChange={(event) => set({ reason: event.target.value })}
        />
        {preview.error && <Failure error={preview.error} />}
        {making.error && <Failure error={making.error} />}
        {making.isSuccess && !draft.isDirty && <Notice look="good" role="status" title={t`The absence is planned`} />}
        {!preview.data && (
          <div>
            <Button type="submit" look="main" isBusy={preview.isPending}>
              <Trans>Show what becomes of the appointments</Trans>
            </Button>
          </div>
        )}
      </form>
      {preview.data && (
        <div className="mt-4 grid gap-3" role="status">
          <AbsenceTouched {...preview.data} action={values.action} practitioner={practitioner} />
          <div className="flex flex-wrap gap-3">
            <Button
              look="main"
              isBusy={making.isPending}
              onClick={() => {
                setTried(true);
                if (lacksOf(values).size === 0 && !making.isPending) making.mutate(preview.data.token);
              }}
            >
              <Trans>Do exactly this</Trans>
            </Button>
            <Button onClick={() => preview.reset()}>
              <Trans>Change the plan</Trans>
            </Button>
          </div>
        </div>
      )}
    </Card>
  );
}
