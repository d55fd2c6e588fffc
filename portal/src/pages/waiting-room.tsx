import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { dayOf } from '../api/appointments.ts';
import { useLiveAgendas } from '../api/live-agendas.ts';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import { problemOf } from '../api/problem.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { ArrivalLine, isLongOver } from '../forms/arrival-line.tsx';
import { usePerson } from '../session/use-session.ts';
import { useNow } from '../time/now.ts';
import { Times } from '../time/time.tsx';
import { waitsSince } from '../time/waited.ts';
import { dateAt } from '../time/zone.ts';
import { Failure } from '../ui/failure.tsx';
import { Page } from '../ui/page.tsx';
import { PractitionerChoice } from '../ui/practitioner-choice.tsx';
import { Loading, Remote } from '../ui/remote.tsx';
import { agesOf } from '../ui/remotes.ts';

/** As many as are followed at a time. */
const followedMax = 16;
/** Minutes before they are expected from which on somebody is shown. */
const soonMinutes = 60;

/** Who has come and waits, for whom and since when; who should be here by now; and who comes next. */
export function WaitingRoom() {
  const { t } = useLingui();
  const { practitionerId } = usePerson();
  const practitioners = usePractitioners('');
  const { who } = useSearch({ from: '/signed-in-people/waiting-room' });
  const go = useNavigate({ from: '/waiting-room' });
  return (
    <Page title={t`Waiting room`}>
      <Remote
        of={practitioners}
        label={t`practitioners`}
        isNone={(all) => all.length === 0}
        none={<Trans>There is no practitioner yet.</Trans>}
      >
        {(all) => {
          const usual = practitionerId ? [practitionerId] : all.map(({ id }) => id);
          const named = who?.split(',') ?? usual;
          const chosen = all.filter(({ id }) => named.includes(id)).slice(0, followedMax);
          return (
            <>
              <PractitionerChoice
                all={all}
                chosen={chosen.map(({ id }) => id)}
                max={followedMax}
                onChange={(ids) => go({ search: { who: ids.join(',') || undefined } })}
              />
              <Room practitioners={chosen} />
            </>
          );
        }}
      </Remote>
    </Page>
  );
}

function Room({ practitioners }: { practitioners: readonly Practitioner[] }) {
  const { t } = useLingui();
  const [isLive, setLive] = useState(false);
  const now = useNow();
  const days = useQueries({
    queries: practitioners.map(({ id, places }) => dayOf(id, dateAt(now, places[0]?.zone ?? 'UTC'), isLive)),
  });
  const seen = practitioners.filter((_each, nth) => problemOf(days[nth]?.error)?.status !== 403);
  useLiveAgendas(
    seen.map(({ id }) => id),
    setLive,
  );
  const missing = practitioners.flatMap((each, nth) => (days[nth]?.data ? [] : [{ each, day: days[nth] }]));
  const all = days.flatMap(({ data }) => data?.items ?? []);
  const waiting = all
    .filter(({ status }) => status === 'arrived')
    .sort((one, other) => (waitsSince(one) ?? Date.parse(one.start)) - (waitsSince(other) ?? Date.parse(other.start)));
  const due = all
    .filter(({ status, start }) => status === 'booked' && Date.parse(start) < now + soonMinutes * 60_000)
    .sort((one, other) => Date.parse(one.start) - Date.parse(other.start));
  const [expected, unsaid] = [
    due.filter((each) => !isLongOver(each, now)),
    due.filter((each) => isLongOver(each, now)),
  ];
  const isLoading = missing.some(({ day }) => !day?.error);
  const isWhole = missing.length === 0;
  return (
    <>
      <Remote of={agesOf(days)} label={t`the waiting room`}>
        {() => null}
      </Remote>
      {missing.map(
        ({ each, day }) =>
          day?.error && (
            <section key={each.id} aria-label={nameOfPractitioner(each)} className="grid gap-2">
              <p className="font-semibold">{nameOfPractitioner(each)}</p>
              <Failure error={day.error} onRetry={day.refetch} />
            </section>
          ),
      )}
      {isLoading ? (
        <Loading label={t`the waiting room`} />
      ) : (
        <Times of={[...waiting, ...due]}>
          <People
            title={<Plural value={waiting.length} _0="Nobody waits" one="# person waits" other="# people wait" />}
            none={isWhole && <Trans>Nobody who has arrived is still waiting.</Trans>}
            appointments={waiting}
            practitioners={practitioners}
            now={now}
          />
          <People
            title={<Trans>Expected within the hour, and late</Trans>}
            none={isWhole && <Trans>Nobody is expected within the hour.</Trans>}
            appointments={expected}
            practitioners={practitioners}
            now={now}
          />
          {unsaid.length > 0 && (
            <details>
              <summary className="cursor-pointer font-semibold text-accent">
                <Plural
                  value={unsaid.length}
                  one="# visit is over, and nobody has recorded what became of it"
                  other="# visits are over, and nobody has recorded what became of them"
                />
              </summary>
              <Lines appointments={unsaid} practitioners={practitioners} now={now} />
            </details>
          )}
        </Times>
      )}
    </>
  );
}

interface PeopleProps {
  title: ReactNode;
  /** Left out where not everybody could be asked: it is not known then. */
  none: ReactNode;
  appointments: Appointment[];
  practitioners: readonly Practitioner[];
  now: number;
}

function People({ title, none, appointments, practitioners, now }: PeopleProps) {
  return (
    <section className="grid gap-3">
      <h2>{title}</h2>
      {appointments.length === 0 && none && (
        <div className="rounded-card border border-dashed border-edge p-6 text-quiet">{none}</div>
      )}
      <Lines appointments={appointments} practitioners={practitioners} now={now} />
    </section>
  );
}

const Lines = ({ appointments, practitioners, now }: Omit<PeopleProps, 'title' | 'none'>) => (
  <ol className="grid gap-2 pt-1">
    {appointments.map((each) => (
      <li key={each.id}>
        <ArrivalLine
          appointment={each}
          practitioner={practitioners.find(({ id }) => id === each.practitionerId)}
          now={now}
        />
      </li>
    ))}
  </ol>
);
