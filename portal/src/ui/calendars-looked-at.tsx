import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { type OwnedCalendar, useCalendarsLookedAt } from '../api/system.ts';
import { formatIn } from '../time/zone.ts';
import { failureWords } from '../words/calendars.ts';
import { Button } from './button.tsx';
import { CalendarStateName } from './calendar-state.tsx';
import { Failure } from './failure.tsx';
import { Card } from './page.tsx';

/** How well the calendars elsewhere of all practitioners are known: looked up when it is asked for, with the time at which it was. */
export function CalendarsLookedAt() {
  const { i18n } = useLingui();
  const looking = useCalendarsLookedAt();
  const at = formatIn(i18n.locale, { timeStyle: 'medium' });
  return (
    <section className="grid gap-3" aria-labelledby="calendars">
      <h2 id="calendars">
        <Trans>Calendars elsewhere</Trans>
      </h2>
      <p className="text-quiet">
        <Trans>Of every practitioner, one after the other: those that are not read as they should be are listed.</Trans>
      </p>
      <div>
        <Button onClick={() => looking.mutate()} isBusy={looking.isPending}>
          {looking.data ? <Trans>Look again</Trans> : <Trans>Look at all calendars</Trans>}
        </Button>
      </div>
      {looking.error && <Failure error={looking.error} onRetry={() => looking.mutate()} />}
      {looking.data && (
        <div role="status" className="grid gap-2">
          <p>
            <Trans>At {at.format(looking.data.at)}:</Trans>{' '}
            <Plural
              value={looking.data.all.length}
              _0="no calendar is connected."
              one="# calendar is connected."
              other="# calendars are connected."
            />
          </p>
          <Troubled all={looking.data.all} />
        </div>
      )}
    </section>
  );
}

function Troubled({ all }: { all: OwnedCalendar[] }) {
  const { i18n } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  const troubled = all.filter(({ calendar }) => calendar.state !== 'fresh' || calendar.unwritten > 0);
  const wordsOf = (code: string) => {
    const words = failureWords(code);
    return words ? i18n._(words) : code;
  };
  if (all.length === 0) return null;
  if (troubled.length === 0)
    return (
      <p className="text-good">
        <Trans>All are read, and what belongs there is written.</Trans>
      </p>
    );
  return (
    <ul className="grid gap-2">
      {troubled.map(({ calendar, practitionerId, owner }) => (
        <li key={calendar.id}>
          <Card className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-warn py-2">
            <Link to="/calendars/$practitionerId" params={{ practitionerId }} className="font-semibold">
              {calendar.name}
            </Link>
            <span>{owner}</span>
            <CalendarStateName state={calendar.state} />
            <span className="text-sm text-quiet">
              {calendar.syncedAt ? (
                <Trans>last read at {at.format(new Date(calendar.syncedAt))}</Trans>
              ) : (
                <Trans>never read</Trans>
              )}
              {calendar.failure && ` · ${wordsOf(calendar.failure.code)}`}
              {calendar.unwritten > 0 && (
                <>
                  {' · '}
                  <Plural
                    value={calendar.unwritten}
                    one="# appointment is not written there yet"
                    other="# appointments are not written there yet"
                  />
                </>
              )}
            </span>
          </Card>
        </li>
      ))}
    </ul>
  );
}
