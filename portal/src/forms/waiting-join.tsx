import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { useWaitingChanged } from '../api/waiting-list.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { now } from '../time/server-clock.ts';
import { When } from '../time/time.tsx';
import { dateAt, daysAfter } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, LongTextField, TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { dayName, daysOfWeek, priorities } from '../words/waiting.ts';
import { lacksOf, requestOf, type WaitingDraft } from './waiting-request.ts';

interface Props {
  patientId: string;
  practitioner: Practitioner;
  /** The kind of visit that was looked for. */
  type?: string;
  /** An appointment that is given up when an earlier one is had. */
  replaces?: Appointment;
}

const noticeHours = [2, 12, 24, 48];
/** Days for which somebody waits unless they say otherwise, and at most. */
const [usualDays, mostDays] = [28, 366];

/** Puts somebody on the waiting list. What is filled in is a draft until it is sent. */
export function WaitingJoin({ patientId, practitioner, type, replaces }: Props) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const intent = useIntent();
  const changed = useWaitingChanged();
  const isStaff = useHat(usePerson()) !== 'patient';
  const types = practitioner.appointmentTypes;
  const zone = practitioner.places[0]?.zone ?? 'Europe/Paris';
  const today = dateAt(now(), zone);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is offered at first stays, though the day may pass meanwhile.
  const nothing = useMemo((): WaitingDraft => {
    const wanted = types.find(({ id }) => id === (replaces?.appointmentTypeId ?? type)) ?? types[0];
    return {
      types: wanted ? [wanted.id] : [],
      fromDate: today,
      untilDate: replaces ? dateAt(replaces.start, zone) : daysAfter(today, usualDays),
      days: [...daysOfWeek],
      span: 'any',
      startTime: '09:00',
      endTime: '12:00',
      noticeMinutes: 120,
      priority: 'routine',
      reason: '',
    };
  }, [patientId, practitioner.id, type, replaces?.id]);
  const draft = useDraft(`waiting-join/${patientId}/${practitioner.id}/${replaces?.id ?? ''}`, nothing);
  useLeaveQuestion(draft.isDirty);
  const [isTried, setTried] = useState(false);
  const lacks = isTried ? lacksOf(draft.values) : new Set();
  const { values, set } = draft;
  const joining = useMutation({
    mutationFn: () => {
      const body = requestOf(values, { patientId, practitionerId: practitioner.id, replaces: replaces?.id });
      return intent(body, (header) => told(api.POST('/api/waiting-list', { body, params: { header } })));
    },
    onSuccess: (waiting) => {
      draft.clear();
      changed(waiting);
    },
  });
  const join = () =>
    joining.mutate(undefined, {
      // Only who is still here is led on.
      onSuccess: ({ id }) => {
        void go({ to: '/patients/$patientId/waiting/$waitingId', params: { patientId, waitingId: id } });
      },
    });
  return (
    <form
      className="grid gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (lacksOf(values).size === 0 && !joining.isPending) join();
      }}
    >
      {replaces && (
        <Notice title={<Trans>Until an earlier time is taken, this appointment stays:</Trans>}>
          <When start={replaces.start} end={replaces.end} zone={replaces.zone} />
        </Notice>
      )}
      <Choices
        legend={<Trans>Kind of visit; any of those that are chosen will do</Trans>}
        problem={lacks.has('types') ? t`Choose at least one.` : undefined}
        options={types.map(({ id, name, minutes }) => ({
          value: id,
          label: name,
          beside: <Plural value={minutes} one="# minute" other="# minutes" />,
        }))}
        chosen={values.types}
        onChange={(types) => set({ types })}
      />
      <div className="grid gap-4 tablet:grid-cols-2">
        <TextField
          type="date"
          label={t`From`}
          min={today}
          value={values.fromDate}
          onChange={(event) => set({ fromDate: event.target.value || today })}
        />
        <TextField
          type="date"
          label={t`Until when to wait`}
          min={values.fromDate}
          max={daysAfter(today, mostDays)}
          problem={lacks.has('untilDate') ? t`Give a last date that is not before the first.` : undefined}
          value={values.untilDate}
          onChange={(event) => set({ untilDate: event.target.value })}
        />
      </div>
      <Choices
        isRow
        legend={<Trans>On which days?</Trans>}
        problem={lacks.has('days') ? t`Choose at least one.` : undefined}
        options={daysOfWeek.map((value) => ({ value, label: dayName(value, i18n.locale) }))}
        chosen={values.days}
        onChange={(days) => set({ days })}
      />
      <Choices
        isRow
        isOne
        legend={<Trans>At which times?</Trans>}
        options={[
          { value: 'any', label: t`At any time` },
          { value: 'morning', label: t`In the morning, until 13:00` },
          { value: 'afternoon', label: t`In the afternoon, from 12:00` },
          { value: 'between', label: t`Between two times` },
        ]}
        chosen={[values.span]}
        onChange={([span = 'any']) => set({ span })}
      />
      {values.span === 'between' && (
        <div className="grid grid-cols-2 gap-4">
          <TextField
            type="time"
            label={t`Not before`}
            value={values.startTime}
            onChange={(event) => set({ startTime: event.target.value })}
          />
          <TextField
            type="time"
            label={t`Over by`}
            problem={lacks.has('endTime') ? t`Give a time after the first.` : undefined}
            value={values.endTime}
            onChange={(event) => set({ endTime: event.target.value })}
          />
        </div>
      )}
      <ChoiceField
        label={t`How soon can you come?`}
        hint={t`Nothing is offered that is sooner.`}
        value={values.noticeMinutes}
        onChange={(event) => set({ noticeMinutes: Number(event.target.value) })}
      >
        {noticeHours.map((hours) => (
          <option key={hours} value={hours * 60}>
            {hours === 2 ? t`Two hours after I hear of it` : null}
            {hours === 12 ? t`Half a day after` : null}
            {hours === 24 ? t`A day after` : null}
            {hours === 48 ? t`Two days after` : null}
          </option>
        ))}
      </ChoiceField>
      {isStaff && (
        <ChoiceField
          label={t`How urgent is it?`}
          value={values.priority}
          onChange={(event) => set({ priority: event.target.value as WaitingDraft['priority'] })}
        >
          {(['routine', 'urgent', 'asap', 'stat'] as const).map((each) => (
            <option key={each} value={each}>
              {i18n._(priorities[each])}
            </option>
          ))}
        </ChoiceField>
      )}
      <LongTextField
        rows={2}
        label={t`Why you come (you need not say)`}
        hint={t`Read by you, the practitioner, and whoever wrote it.`}
        maxLength={500}
        value={values.reason}
        onChange={(event) => set({ reason: event.target.value })}
      />
      {joining.error && <Failure error={joining.error} />}
      {lacks.size > 0 && (
        <p role="alert" className="font-semibold text-bad">
          <Trans>Something is missing: see what is said above.</Trans>
        </p>
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" isBusy={joining.isPending}>
          <Trans>Wait for a time</Trans>
        </Button>
        {draft.isDirty && (
          <Button look="quiet" onClick={draft.clear}>
            <Trans>Begin anew</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
