import { Trans, useLingui } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Agenda } from '../agenda/agenda.tsx';
import { dayOf, moveAppointment, useAppointmentsChanged } from '../api/appointments.ts';
import { useLiveAgendas } from '../api/live-agendas.ts';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import { problemOf } from '../api/problem.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { AppointmentActions } from '../forms/appointment-actions.tsx';
import { AppointmentBook } from '../forms/appointment-book.tsx';
import { doUnlessUndone } from '../frame/delayed.ts';
import { CopyOffered } from '../outage/copy-state.tsx';
import { useKept } from '../outage/keep-copy.ts';
import { usePerson } from '../session/use-session.ts';
import { dateAt, dateInWords, daysAfter, instantAt, timeAt } from '../time/zone.ts';
import { AgendaLinks } from '../ui/agenda-links.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Page } from '../ui/page.tsx';
import { PractitionerChoice } from '../ui/practitioner-choice.tsx';
import { Loading, Remote } from '../ui/remote.tsx';

/** As many as are read side by side on a desk's screen. */
const columnsMax = 8;

/** A day of up to eight practitioners. Who and when stand in the address, so that a desk finds its page again. */
export function Agendas() {
  const { i18n, t } = useLingui();
  const { practitionerId } = usePerson();
  const practitioners = usePractitioners('');
  const search = useSearch({ from: '/signed-in-people/agendas' });
  const go = useNavigate({ from: '/agendas' });
  const zone = practitioners.data?.[0]?.places[0]?.zone ?? 'UTC';
  const today = dateAt(Date.now(), zone);
  const day = search.day ?? today;
  const named = search.who?.split(',') ?? (practitionerId ? [practitionerId] : []);
  const show = (words: { day?: string; who?: string }) => go({ search: (before) => ({ ...before, ...words }) });
  return (
    <Page
      title={dateInWords(day, i18n.locale, 'full')}
      isWide
      beside={
        <div className="flex flex-wrap items-center gap-2">
          <Button size="desk" onClick={() => show({ day: daysAfter(day, -1) })} aria-label={t`The day before`}>
            ←
          </Button>
          <Button size="desk" onClick={() => show({ day: undefined })} disabled={day === today}>
            <Trans>Today</Trans>
          </Button>
          <Button size="desk" onClick={() => show({ day: daysAfter(day, 1) })} aria-label={t`The day after`}>
            →
          </Button>
          <input
            type="date"
            aria-label={t`Day`}
            value={day}
            onChange={(event) => event.target.value && show({ day: event.target.value })}
            className="min-h-9 rounded-field border border-edge bg-surface px-2 text-sm"
          />
          <AgendaLinks day={search.day} who={search.who} />
        </div>
      }
    >
      <Remote
        of={practitioners}
        label={t`practitioners`}
        isNone={(all) => all.length === 0}
        none={<Trans>There is no practitioner yet.</Trans>}
      >
        {(all) => {
          const fallback = all.slice(0, columnsMax).map(({ id }) => id);
          const chosen = all
            .filter(({ id }) => (named.length > 0 ? named : fallback).includes(id))
            .slice(0, columnsMax);
          return (
            <>
              <PractitionerChoice
                all={all}
                chosen={chosen.map(({ id }) => id)}
                max={columnsMax}
                onChange={(ids) => show({ who: ids.join(',') || undefined })}
              />
              <Day day={day} practitioners={chosen} />
            </>
          );
        }}
      </Remote>
    </Page>
  );
}

function Day({ day, practitioners }: { day: string; practitioners: Practitioner[] }) {
  const { i18n, t } = useLingui();
  const changed = useAppointmentsChanged();
  const [opened, setOpened] = useState<Appointment>();
  const [booking, setBooking] = useState<string>();
  const [isLive, setLive] = useState(false);
  const days = useQueries({ queries: practitioners.map(({ id }) => dayOf(id, day, isLive)) });
  // Whoever may not see one of them may follow the others still.
  const seen = practitioners.filter((_each, nth) => problemOf(days[nth]?.error)?.status !== 403);
  useLiveAgendas(
    seen.map(({ id }) => id),
    setLive,
  );
  useKept(seen.map(({ id }) => id));
  const stale = days.find(({ data, error }) => data && error);
  const columns = practitioners.map((each, nth) => {
    const { data, error, refetch } = days[nth] ?? {};
    const name = nameOfPractitioner(each);
    return {
      id: each.id,
      name,
      appointments: data?.items ?? [],
      instead: data ? undefined : <Instead name={name} error={error} onRetry={refetch} />,
    };
  });

  function move(appointment: Appointment, minutes: number) {
    const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const start = instantAt(day, clock, appointment.zone);
    const before = timeAt(appointment.start, appointment.zone, i18n.locale);
    doUnlessUndone(appointment.id, t`The appointment of ${before} will be moved to ${clock}.`, async () => {
      try {
        changed(await moveAppointment(appointment, start));
      } finally {
        changed();
      }
    });
  }

  const bookedWith = practitioners.find(({ id }) => id === booking);
  return (
    <>
      {stale?.error && <Failure error={stale.error} role="status" onRetry={() => stale.refetch()} />}
      {days.some(({ data, error }) => error && !data) && <CopyOffered />}
      <Agenda day={day} columns={columns} onOpen={setOpened} onMove={move} onBook={setBooking} />
      {opened && <AppointmentActions appointment={opened} onClose={() => setOpened(undefined)} />}
      {bookedWith && <AppointmentBook practitioner={bookedWith} day={day} onClose={() => setBooking(undefined)} />}
    </>
  );
}

/** In the place of a column that is not there yet, or could not be read. */
const Instead = ({ name, error, onRetry }: { name: string; error: unknown; onRetry?: () => void }) => (
  <div className="p-2">{error ? <Failure error={error} onRetry={onRetry} /> : <Loading label={name} />}</div>
);
