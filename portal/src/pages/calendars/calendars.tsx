import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useCalendars } from '../../api/calendars.ts';
import { nameOfPractitioner, usePractitioner } from '../../api/practitioners.ts';
import { CalendarConflicts } from '../../forms/calendar-conflicts.tsx';
import { CalendarConnect } from '../../forms/calendar-connect.tsx';
import { CalendarLine } from '../../forms/calendar-line.tsx';
import { FeedAddress } from '../../forms/feed-address.tsx';
import { Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';

/** What a practitioner keeps elsewhere: how well it is known, what it is in the way of, and how others read this agenda. */
export function Calendars() {
  const { t } = useLingui();
  const { practitionerId } = useParams({ from: '/signed-in-people/calendars/$practitionerId' });
  const practitioner = usePractitioner(practitionerId);
  const calendars = useCalendars(practitionerId);
  const name = practitioner.data ? nameOfPractitioner(practitioner.data) : '…';
  return (
    <Page
      title={t`Calendars elsewhere of ${name}`}
      beside={
        <Link to="/schedules/$practitionerId" params={{ practitionerId }}>
          <Trans>Hours and absences</Trans>
        </Link>
      }
    >
      <section className="grid gap-3" aria-labelledby="calendars">
        <h2 id="calendars">
          <Trans>Connected calendars</Trans>
        </h2>
        <Remote
          of={calendars}
          label={t`calendars`}
          isNone={({ items }) => items.length === 0}
          none={
            <Trans>No calendar is connected. Times taken in a calendar elsewhere are offered here all the same.</Trans>
          }
        >
          {({ items }) => (
            <ul className="grid gap-3">
              {items.map((each) => (
                <li key={each.id}>
                  <CalendarLine calendar={each} />
                </li>
              ))}
            </ul>
          )}
        </Remote>
      </section>
      <section className="grid gap-3" aria-labelledby="conflicts">
        <h2 id="conflicts">
          <Trans>Conflicts with appointments</Trans>
        </h2>
        <CalendarConflicts practitionerId={practitionerId} />
      </section>
      <section className="grid gap-3" aria-labelledby="connect">
        <h2 id="connect">
          <Trans>Connect a calendar</Trans>
        </h2>
        <CalendarConnect practitionerId={practitionerId} />
      </section>
      <section className="grid gap-3" aria-labelledby="feed">
        <h2 id="feed">
          <Trans>This agenda in other programs</Trans>
        </h2>
        <FeedAddress practitionerId={practitionerId} />
      </section>
    </Page>
  );
}
