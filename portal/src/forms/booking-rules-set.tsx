import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { setSchedule, useScheduleChanged } from '../api/schedules.ts';
import type { Practitioner, Schedule, TypeRules } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { RulesCompared } from '../ui/rules-compared.tsx';
import { Tick } from '../ui/tick.tsx';
import { bookableByNames, type NumberRule, numberRuleNames, numberRules } from '../words/booking-rules.ts';

interface Props {
  schedule: Schedule;
  type: Practitioner['appointmentTypes'][number];
  onClose: () => void;
}

type Filled = Record<NumberRule, string> & Required<Pick<TypeRules, 'bookableBy' | 'needsConfirmation'>>;

const filledOf = (rules: Partial<TypeRules>): Filled => ({
  ...(Object.fromEntries(numberRuleNames.map((name) => [name, String(rules[name] ?? '')])) as Record<
    NumberRule,
    string
  >),
  bookableBy: rules.bookableBy ?? 'patients',
  needsConfirmation: rules.needsConfirmation ?? false,
});

/** With what is filled in; what cannot be set here stays as it is, and what says what holds anyway is left out. */
export function rulesOf(stored: TypeRules, { bookableBy, needsConfirmation, ...numbers }: Filled): TypeRules {
  const { bookableBy: _, needsConfirmation: __, ...rest } = stored;
  const others = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in numberRules)));
  const set = numberRuleNames.flatMap((name) => (numbers[name].trim() === '' ? [] : [[name, Number(numbers[name])]]));
  return {
    ...others,
    appointmentTypeId: stored.appointmentTypeId,
    ...Object.fromEntries(set),
    ...(bookableBy === 'staff' && { bookableBy }),
    ...(needsConfirmation && { needsConfirmation }),
  };
}

const isWrong = (name: NumberRule, typed: string): boolean => {
  const { min, max } = numberRules[name];
  return typed.trim() !== '' && !(/^\d+$/.test(typed.trim()) && Number(typed) >= min && Number(typed) <= max);
};

/** Sets how a kind of visit is booked with a practitioner; what was and what would be stand side by side before it is saved. */
export function BookingRulesSet({ schedule, type, onClose }: Props) {
  const { i18n, t } = useLingui();
  const changed = useScheduleChanged(schedule.practitionerId);
  const stored = schedule.rules.find((each) => each.appointmentTypeId === type.id) ?? { appointmentTypeId: type.id };
  const empty = useMemo(
    () => filledOf(schedule.rules.find((each) => each.appointmentTypeId === type.id) ?? {}),
    [schedule, type.id],
  );
  const draft = useDraft(`booking-rules-set/${schedule.practitionerId}/${type.id}`, empty);
  const { values } = draft;
  useLeaveQuestion(draft.isDirty);
  const [isTried, setTried] = useState(false);
  const wrong = numberRuleNames.filter((name) => isWrong(name, values[name]));
  const next = rulesOf(stored, values);
  const saving = useMutation({
    mutationFn: () => {
      const others = schedule.rules.filter((each) => each.appointmentTypeId !== type.id);
      return setSchedule(schedule, { rules: [...others, next] });
    },
    onSuccess: (saved) => {
      draft.clear();
      changed(saved);
      onClose();
    },
    // Somebody changed them meanwhile: what they are now is read, and what was typed stays.
    onError: () => changed(),
  });
  return (
    <Dialog title={t`How ${type.name} is booked`} onClose={onClose}>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wrong.length === 0 && !saving.isPending) saving.mutate();
        }}
      >
        <ChoiceField
          data-first
          label={t`Booked by`}
          value={values.bookableBy}
          onChange={(event) => draft.set({ bookableBy: event.target.value as Filled['bookableBy'] })}
        >
          <option value="patients">{i18n._(bookableByNames.patients)}</option>
          <option value="staff">{i18n._(bookableByNames.staff)}</option>
        </ChoiceField>
        <Tick is={values.needsConfirmation} onChange={(needsConfirmation) => draft.set({ needsConfirmation })}>
          <Trans>What a patient books waits until the practice confirms it</Trans>
        </Tick>
        <div className="grid items-end gap-4 tablet:grid-cols-2">
          {numberRuleNames.map((name) => {
            const { label, min, max, unset } = numberRules[name];
            return (
              <TextField
                key={name}
                inputMode="numeric"
                label={i18n._(label)}
                hint={t`Left empty: ${i18n._(unset)}`}
                problem={isTried && wrong.includes(name) ? t`Give a whole number from ${min} to ${max}.` : undefined}
                value={values[name]}
                onChange={(event) => draft.set({ [name]: event.target.value })}
              />
            );
          })}
        </div>
        {draft.isDirty && wrong.length === 0 && <RulesCompared before={stored} after={next} />}
        {saving.error && <Failure error={saving.error} />}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" disabled={!draft.isDirty} isBusy={saving.isPending}>
            <Trans>Save</Trans>
          </Button>
          {draft.isDirty && (
            <Button look="quiet" onClick={draft.clear}>
              <Trans>Take back what I typed</Trans>
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
