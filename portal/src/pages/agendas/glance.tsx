import { Trans, useLingui } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { DayPicture } from '../../agenda/day-picture.tsx';
import { glanceOf } from '../../agenda/glance.ts';
import { dayOf } from '../../api/appointments.ts';
import { useLiveAgendas } from '../../api/live-agendas.ts';
import { nameOfPractitioner, usePractitioners } from '../../api/practitioners.ts';
import { problemOf } from '../../api/problem.ts';
import { scheduleOf } from '../../api/schedules.ts';
import type { Practitioner } from '../../api/types.ts';
import { chosenOf } from '../../paper/chosen.ts';
import { now } from '../../time/server-clock.ts';
import { dateAt, dateInWords, minutesAt } from '../../time/zone.ts';
import { DayChoice } from '../../ui/day-choice.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PractitionerChoice } from '../../ui/practitioner-choice.tsx';
import { Loading, Remote } from '../../ui/remote.tsx';

/** As many as can be followed at once. */
const rowsMax = 16;
/** Hours change a few times a year. */
const hoursFreshMs = 10 * 60_000;

/** The day of the practice in one picture: who receives when, what is booked, who waits, what is free. */
export function Glance() {
  const { i18n, t } = useLingui();
  const practitioners = usePractitioners('');
  const search = useSearch({ from: '/signed-in-people/agendas/glance' });
  const go = useNavigate({ from: '/agendas/glance' });
  const zone = practitioners.data?.[0]?.places[0]?.zone ?? 'UTC';
  const today = dateAt(now(), zone);
  const day = search.day ?? today;
  const show = (words: { day?: string; who?: string }) => go({ search: (before) => ({ ...before, ...words }) });
  return (
    <Page
      title={t`At a glance, ${dateInWords(day, i18n.locale, 'full')}`}
      isWide
      beside={<DayChoice day={day} today={today} onChange={(chosen) => show({ day: chosen })} />}
    >
      <Remote
        of={practitioners}
        label={t`practitioners`}
        isNone={(all) => all.length === 0}
        none={<Trans>There is no practitioner yet.</Trans>}
      >
        {(all) => {
          const chosen = chosenOf(all, { who: search.who, max: rowsMax });
          return (
            <>
              <PractitionerChoice
                all={all}
                chosen={chosen.map(({ id }) => id)}
                max={rowsMax}
                onChange={(ids) => show({ who: ids.join(',') || undefined })}
              />
              <Picture day={day} isToday={day === today} zone={zone} practitioners={chosen} />
            </>
          );
        }}
      </Remote>
    </Page>
  );
}

interface PictureProps {
  day: string;
  isToday: boolean;
  zone: string;
  practitioners: Practitioner[];
}

function Picture({ day, isToday, zone, practitioners }: PictureProps) {
  const { t } = useLingui();
  const [isLive, setLive] = useState(false);
  const days = useQueries({ queries: practitioners.map(({ id }) => dayOf(id, day, isLive)) });
  const schedules = useQueries({
    queries: practitioners.map(({ id }) => ({ ...scheduleOf(id), staleTime: hoursFreshMs })),
  });
  const isClosed = (nth: number) => problemOf(days[nth]?.error)?.status === 403;
  const seen = practitioners.filter((_each, nth) => !isClosed(nth)).map(({ id }) => id);
  useLiveAgendas(seen, setLive);
  const failed = [...days.filter((_each, nth) => !isClosed(nth)), ...schedules].find(({ error }) => error);
  const rows = practitioners.flatMap((each, nth) => {
    const { data } = days[nth] ?? {};
    if (!data || isClosed(nth)) return [];
    const glance = glanceOf(each, data.items, schedules[nth]?.data, day);
    return [{ id: each.id, name: nameOfPractitioner(each), glance }];
  });
  const closed = practitioners.filter((_each, nth) => isClosed(nth));
  return (
    <>
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {closed.length > 0 && (
        <Notice look="warn" title={t`Not shown: agendas that are closed to you`}>
          <p>{closed.map(nameOfPractitioner).join(', ')}</p>
        </Notice>
      )}
      {days.some(({ isPending, error }) => isPending && !error) && <Loading label={t`the agendas`} />}
      {rows.length > 0 && (
        <DayPicture rows={rows} now={isToday ? minutesAt(new Date(now()).toISOString(), zone) : undefined} />
      )}
      <p className="text-sm text-quiet">
        <Trans>Free is what the hours leave: public holidays and calendars elsewhere are not looked at here.</Trans>
      </p>
    </>
  );
}
