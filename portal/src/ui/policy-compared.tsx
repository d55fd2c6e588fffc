import type { I18n } from '@lingui/core';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { MessageChannel, MessagePolicy, ReminderRule } from '../api/types.ts';
import { chosenChannels, daysBefore, messageChannels, policyNumbers, usualAlert } from '../words/messages.ts';
import { dayName, daysOfWeek } from '../words/waiting.ts';

interface Line {
  label: string;
  says: string;
}

const listOf = (i18n: I18n, words: readonly string[]): string => new Intl.ListFormat(i18n.locale).format(words);

const channelsOf = (i18n: I18n, channels: readonly MessageChannel[], nothing: string): string =>
  channels.length === 0
    ? nothing
    : listOf(
        i18n,
        chosenChannels.filter((each) => channels.includes(each)).map((each) => i18n._(messageChannels[each])),
      );

const remindersOf = (i18n: I18n, reminders: readonly ReminderRule[], nothing: string): string =>
  reminders.length === 0
    ? nothing
    : reminders
        .map(({ channel, daysBefore: days, at }) =>
          [i18n._(daysBefore(days)), at, i18n._(messageChannels[channel])].join(', '),
        )
        .join('; ');

/** All that a policy says, a line each, in words. */
function useLines(policy: MessagePolicy): Line[] {
  const { i18n, t } = useLingui();
  const [nothing, none] = [t`nothing`, t`none`];
  const { quietHours, dailyBudget, byType = [] } = policy;
  // As the form has it: of one that says nothing of alerts, what is usual.
  const { alert = usualAlert } = policy;
  const days = daysOfWeek.filter((_, nth) => quietHours.days.includes(nth + 1));
  const numbers = [
    ['changeMinutes', policy.change.quietMinutes],
    ['lateMinutes', policy.lateMinutes],
    ['recipientMax', policy.recipientDailyMax],
    ['emailMax', dailyBudget.email],
    ['smsMax', dailyBudget.sms],
    ['pushMax', dailyBudget.push],
  ] as const;
  return [
    { label: t`Booked, told by`, says: channelsOf(i18n, policy.confirmation.channels, nothing) },
    { label: t`Moved or cancelled, told by`, says: channelsOf(i18n, policy.change.channels, nothing) },
    { label: t`Offered, told by`, says: channelsOf(i18n, policy.offer.channels, nothing) },
    { label: t`Asked or told besides, by`, says: channelsOf(i18n, policy.message.channels, nothing) },
    { label: t`Alerts, told by`, says: channelsOf(i18n, alert.channels, nothing) },
    { label: t`Urgent alerts, told by`, says: channelsOf(i18n, alert.urgentChannels, nothing) },
    { label: t`Reminders`, says: remindersOf(i18n, policy.reminders, none) },
    {
      label: t`Reminders of some kinds of visit`,
      says: byType.map(({ reminders }) => remindersOf(i18n, reminders, none)).join(' | ') || none,
    },
    {
      label: t`Kinds of visit with other reminders`,
      says: byType.map(({ appointmentTypeIds }) => appointmentTypeIds.length).join(' | ') || none,
    },
    { label: t`One reminder for several appointments of a day`, says: policy.mergesVisitsOfOneDay ? t`yes` : t`no` },
    {
      label: t`Quiet hours`,
      says: `${channelsOf(i18n, quietHours.channels, nothing)}, ${quietHours.from} – ${quietHours.until}`,
    },
    {
      label: t`Quiet all day`,
      says:
        days.length === 0
          ? none
          : listOf(
              i18n,
              days.map((each) => dayName(each, i18n.locale, 'short')),
            ),
    },
    ...numbers.map(([name, value]) => ({
      label: i18n._(policyNumbers[name].label),
      says: new Intl.NumberFormat(i18n.locale).format(value),
    })),
  ];
}

/** All that a policy says, for whom it is not to set. */
export const PolicyShown = ({ policy }: { policy: MessagePolicy }) => (
  <dl className="grid gap-x-6 gap-y-1 tablet:grid-cols-[20rem_1fr] [&_dt]:text-quiet">
    {useLines(policy).map(({ label, says }) => (
      <div key={label} className="contents">
        <dt>{label}</dt>
        <dd>{says}</dd>
      </div>
    ))}
  </dl>
);

/** In what two policies differ, with what holds before and after. */
export function PolicyCompared({ before, after }: { before: MessagePolicy; after: MessagePolicy }) {
  const [was, is] = [useLines(before), useLines(after)];
  const changed = is.flatMap(({ label, says }, nth) => {
    const said = was[nth]?.says ?? '';
    return said === says ? [] : [{ label, said, says }];
  });
  if (changed.length === 0)
    return (
      <p className="text-quiet">
        <Trans>Nothing changes.</Trans>
      </p>
    );
  return (
    <div className="grid gap-2 text-sm">
      <p className="sr-only">
        <Plural value={changed.length} one="# difference" other="# differences" />
      </p>
      <ul className="grid gap-2">
        {changed.map(({ label, said, says }) => (
          <li
            key={label}
            className="grid gap-x-4 gap-y-1 border-t border-line pt-2 first:border-0 first:pt-0 tablet:grid-cols-[12rem_1fr_1fr]"
          >
            <span className="font-semibold">{label}</span>
            <span>
              <span className="block text-quiet">
                <Trans>Before</Trans>
              </span>
              {said}
            </span>
            <span>
              <span className="block text-quiet">
                <Trans>After</Trans>
              </span>
              <strong className="font-semibold">{says}</strong>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
