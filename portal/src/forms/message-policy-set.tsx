import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { setMessagePolicy, useMessagesChanged } from '../api/messages.ts';
import type { MessageChannel, MessagePolicyVersion, Practitioner } from '../api/types.ts';
import { useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { PolicyCompared } from '../ui/policy-compared.tsx';
import { Tick } from '../ui/tick.tsx';
import { chosenChannels, messageChannels, type PolicyNumber, policyNumbers } from '../words/messages.ts';
import { dayName, daysOfWeek } from '../words/waiting.ts';
import { MessageKindsFields } from './message-kinds-fields.tsx';
import { besideEmail, isWholePolicy, type MessagePolicyDraft, numberLacks, policyOf } from './message-policy-draft.ts';
import { MessageRemindersFields } from './message-reminders-fields.tsx';

interface Props {
  current: MessagePolicyVersion;
  draft: MessagePolicyDraft;
  practitioners: readonly Practitioner[];
}

/** Sets which messages leave when. What is planned already is planned anew; what was and what would be stand side by side before. */
export function MessagePolicySet({ current, draft, practitioners }: Props) {
  const { i18n, t } = useLingui();
  const changed = useMessagesChanged('policy');
  const { values, isDirty, set } = draft;
  useLeaveQuestion(isDirty);
  const [isTried, setTried] = useState(false);
  const isWhole = isWholePolicy(values);
  const saving = useMutation({
    mutationFn: () => setMessagePolicy(current, policyOf(values)),
    onSuccess: async () => {
      await changed();
      draft.clear();
      setTried(false);
    },
    // Somebody set another meanwhile: it is read, and what was typed stays.
    onError: () => changed(),
  });
  const channels = (name: 'confirmation' | 'change' | 'offer' | 'message' | 'quiet', legend: string) => (
    <Choices
      isRow
      legend={legend}
      options={chosenChannels.map((value) => ({ value, label: i18n._(messageChannels[value]) }))}
      chosen={values[name]}
      onChange={(chosen: MessageChannel[]) => set({ [name]: chosenChannels.filter((each) => chosen.includes(each)) })}
    />
  );
  const alerts = (name: 'alert' | 'urgentAlert', legend: string) => (
    <Choices
      isRow
      legend={legend}
      options={besideEmail.map((value) => ({ value, label: i18n._(messageChannels[value]) }))}
      chosen={values[name]}
      onChange={(chosen) => set({ [name]: besideEmail.filter((each) => chosen.includes(each)) })}
    />
  );
  const number = (name: PolicyNumber) => {
    const { label, min, max } = policyNumbers[name];
    return (
      <div className="[&_input]:max-w-40">
        <TextField
          inputMode="numeric"
          label={i18n._(label)}
          value={values[name]}
          problem={
            isTried && numberLacks(name, values[name]) ? t`Give a whole number from ${min} to ${max}.` : undefined
          }
          onChange={(event) => set({ [name]: event.target.value })}
        />
      </div>
    );
  };
  const time = (name: 'quietFrom' | 'quietUntil', label: string) => (
    <TextField
      type="time"
      label={label}
      value={values[name]}
      problem={isTried && values[name] === '' ? t`Give a time.` : undefined}
      onChange={(event) => set({ [name]: event.target.value })}
    />
  );
  return (
    <form
      className="grid gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isWhole && !saving.isPending) saving.mutate();
      }}
    >
      <Part title={<Trans>What happens to an appointment</Trans>}>
        {channels('confirmation', t`It was booked, at once by`)}
        {channels('change', t`It was moved or cancelled, by`)}
        {number('changeMinutes')}
        {channels('offer', t`One has become free for somebody who waits, at once by`)}
      </Part>
      <Part title={<Trans>Reminders</Trans>}>
        <MessageRemindersFields
          reminders={values.reminders}
          isTried={isTried}
          onChange={(reminders) => set({ reminders })}
        />
        <MessageKindsFields
          byType={values.byType}
          practitioners={practitioners}
          isTried={isTried}
          onChange={(byType) => set({ byType })}
        />
        {number('lateMinutes')}
        <Tick is={values.mergesVisitsOfOneDay} onChange={(mergesVisitsOfOneDay) => set({ mergesVisitsOfOneDay })}>
          <Trans>Several appointments of somebody on one day are told by one reminder</Trans>
        </Tick>
      </Part>
      <Part title={<Trans>What the practice asks or tells besides</Trans>}>{channels('message', t`It leaves by`)}</Part>
      <Part title={<Trans>Alerts, to who is to see them</Trans>}>
        <p className="text-quiet">
          <Trans>They leave at once, whatever the hour, by e-mail and by what is ticked here.</Trans>
        </p>
        {alerts('alert', t`Alerts, besides by`)}
        {alerts('urgentAlert', t`Urgent alerts, besides by`)}
      </Part>
      <Part title={<Trans>Quiet hours</Trans>}>
        {channels('quiet', t`In quiet hours nothing leaves by`)}
        <div className="grid grid-cols-2 gap-4 tablet:max-w-md">
          {time('quietFrom', t`Quiet from`)}
          {time('quietUntil', t`Quiet until`)}
        </div>
        <Choices
          isRow
          legend={<Trans>Days on which it is quiet all day</Trans>}
          options={daysOfWeek.map((value) => ({ value, label: dayName(value, i18n.locale, 'short') }))}
          chosen={values.quietDays}
          onChange={(quietDays) => set({ quietDays })}
        />
      </Part>
      <Part title={<Trans>Limits</Trans>}>
        <div className="grid items-end gap-4 tablet:grid-cols-2">
          {number('recipientMax')}
          {number('emailMax')}
          {number('smsMax')}
          {number('pushMax')}
        </div>
      </Part>
      {isDirty && isWhole && <PolicyCompared before={current.policy} after={policyOf(values)} />}
      {saving.error && <Failure error={saving.error} />}
      {saving.isSuccess && !isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      {isDirty && (
        <div className="sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center gap-3 border-t border-line bg-paper px-4 py-2">
          <Button type="submit" size="desk" look="main" isBusy={saving.isPending}>
            <Trans>Save</Trans>
          </Button>
          <Button size="desk" look="quiet" onClick={draft.clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        </div>
      )}
    </form>
  );
}

function Part({ title, children }: { title: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="grid gap-3" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
