import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { Calendar } from '../api/types.ts';
import { momentAt } from '../time/zone.ts';
import { failureWords, policyEffects, stateNames } from '../words/calendars.ts';

const looks: Record<Calendar['state'], string> = {
  fresh: 'border-good bg-good-paper text-good',
  stale: 'border-warn bg-warn-paper text-warn',
  failing: 'border-warn bg-warn-paper text-warn',
  revoked: 'border-bad bg-bad-paper text-bad',
  'set-aside': 'border-bad bg-bad-paper text-bad',
};

export function CalendarStateName({ state }: Pick<Calendar, 'state'>) {
  const { i18n } = useLingui();
  return (
    <span className={`rounded-field border px-2 text-sm font-semibold ${looks[state]}`}>
      {i18n._(stateNames[state])}
    </span>
  );
}

/** How well it is known what a calendar has taken: since when, why not better, what that means and what helps. */
export function CalendarState({ calendar }: { calendar: Calendar }) {
  const { i18n } = useLingui();
  const { state, policy, problems, unwritten } = calendar;
  return (
    <div className="grid gap-1">
      <p>
        <Known calendar={calendar} />
      </p>
      {state !== 'fresh' && (
        <p>
          <LastRead calendar={calendar} /> {i18n._(policyEffects[policy])}
        </p>
      )}
      {problems.map(({ code, count }) => (
        <p key={code} className="text-sm text-warn">
          {code === 'CALENDAR.ZONE_UNKNOWN' ? (
            <Plural
              value={count}
              one="# event names a time zone that nobody knows; it was read by the clock of the practice."
              other="# events name a time zone that nobody knows; they were read by the clock of the practice."
            />
          ) : (
            <Plural
              value={count}
              one="# event could not be taken as it is written; the rest was."
              other="# events could not be taken as they are written; the rest was."
            />
          )}
        </p>
      ))}
      {unwritten > 0 && (
        <p className="text-sm text-warn">
          <Plural
            value={unwritten}
            one="# appointment is not written there yet, or not as it is now."
            other="# appointments are not written there yet, or not as they are now."
          />
        </p>
      )}
    </div>
  );
}

function Known({ calendar: { kind, state, since, syncedAt, failure, zone } }: { calendar: Calendar }) {
  const { i18n } = useLingui();
  const from = since && momentAt(since, zone, i18n.locale);
  if (state === 'fresh') {
    const read = syncedAt && momentAt(syncedAt, zone, i18n.locale);
    return <Trans>Read on {read}. What it has taken is not offered.</Trans>;
  }
  if (state === 'stale')
    return from ? <Trans>It was not read lately: since {from} what is known of it counts as old.</Trans> : null;
  if (state === 'revoked')
    return kind === 'google' ? (
      <Trans>Google has not let us in since {from}. Disconnect it here, and connect it anew.</Trans>
    ) : (
      <Trans>It has not let us in since {from}. Give a new password or address.</Trans>
    );
  if (state === 'set-aside')
    return (
      <Trans>
        It takes more time or memory to read than may be, and is not read by itself since {from}. Once it was mended
        there, read it now.
      </Trans>
    );
  const why = failure && failureWords(failure.code);
  return (
    <Trans>
      It has failed since {from}. {why ? i18n._(why) : failure?.message}
    </Trans>
  );
}

function LastRead({ calendar: { syncedAt, zone } }: { calendar: Calendar }) {
  const { i18n } = useLingui();
  if (!syncedAt) return <Trans>It was never read.</Trans>;
  const read = momentAt(syncedAt, zone, i18n.locale);
  return <Trans>Last read on {read}; what it had taken then still counts.</Trans>;
}
