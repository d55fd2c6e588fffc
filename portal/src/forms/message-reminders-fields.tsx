import { Trans, useLingui } from '@lingui/react/macro';
import type { MessageChannel } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { chosenChannels, messageChannels } from '../words/messages.ts';
import { daysLack, isDoubled, type ReminderTyped, remindersMax } from './message-policy-draft.ts';

interface Props {
  reminders: readonly ReminderTyped[];
  isTried: boolean;
  onChange: (reminders: ReminderTyped[]) => void;
}

/** When reminders leave, and by what: so many days before, by the calendar and the clock of the practice. */
export function MessageRemindersFields({ reminders, isTried, onChange }: Props) {
  const { i18n, t } = useLingui();
  const setNth = (nth: number, next?: ReminderTyped) =>
    onChange(reminders.flatMap((each, place) => (place !== nth ? [each] : next ? [next] : [])));
  const problemOf = (each: ReminderTyped): string | undefined => {
    if (!isTried) return undefined;
    if (daysLack(each)) return t`Give a whole number from 0 to 60.`;
    return isDoubled(each, reminders) ? t`Two reminders by one channel on one day would be one.` : undefined;
  };
  return (
    <div className="grid gap-3">
      {reminders.length === 0 && (
        <p className="text-quiet">
          <Trans>There is none: nobody is reminded.</Trans>
        </p>
      )}
      {reminders.map((each, nth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
        <fieldset key={nth} className="grid grid-cols-2 items-end gap-3 tablet:grid-cols-[8rem_9rem_1fr_auto]">
          <legend className="sr-only">
            <Trans>Reminder {nth + 1}</Trans>
          </legend>
          <TextField
            inputMode="numeric"
            label={t`Days before`}
            value={each.daysBefore}
            problem={problemOf(each)}
            onChange={(event) => setNth(nth, { ...each, daysBefore: event.target.value })}
          />
          <TextField
            type="time"
            label={t`At`}
            value={each.at}
            problem={isTried && each.at === '' ? t`Give a time.` : undefined}
            onChange={(event) => setNth(nth, { ...each, at: event.target.value })}
          />
          <ChoiceField
            label={t`By what`}
            value={each.channel}
            onChange={(event) => setNth(nth, { ...each, channel: event.target.value as MessageChannel })}
          >
            {chosenChannels.map((channel) => (
              <option key={channel} value={channel}>
                {i18n._(messageChannels[channel])}
              </option>
            ))}
          </ChoiceField>
          <Button size="desk" onClick={() => setNth(nth)} aria-label={t`Remove reminder ${nth + 1}`}>
            <Trans>Remove</Trans>
          </Button>
        </fieldset>
      ))}
      {reminders.length < remindersMax && (
        <div>
          <Button
            size="desk"
            onClick={() => onChange([...reminders, { channel: 'email', daysBefore: '', at: '10:00' }])}
          >
            <Trans>Add a reminder</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
