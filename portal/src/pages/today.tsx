import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { dayOf } from '../api/appointments.ts';
import { useLiveAgendas } from '../api/live-agendas.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import { usePractitioner } from '../api/practitioners.ts';
import type { Appointment } from '../api/types.ts';
import { AppointmentActions } from '../forms/appointment-actions.tsx';
import { useKept } from '../outage/keep-copy.ts';
import { usePerson } from '../session/use-session.ts';
import { waitsSince } from '../time/waited.ts';
import { dateAt, dateInWords, timeAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { VisitStatus } from '../ui/visit-status.tsx';

/** The practitioner’s own day; the next patient is one key away. */
export function Today() {
  const { t } = useLingui();
  const { practitionerId } = usePerson();
  if (practitionerId) return <DayList practitionerId={practitionerId} />;
  return (
    <Page title={t`Today`}>
      <Notice look="warn" title={t`The practice has not linked you to a practitioner yet`} />
    </Page>
  );
}

const isShown = ({ status }: Appointment) => !['cancelled', 'waitlist', 'proposed'].includes(status);

/** Who waits longest goes first; else who is expected next. */
const nextOf = (items: Appointment[]): Appointment | undefined =>
  items
    .filter(({ status }) => status === 'arrived')
    .sort((one, other) => (waitsSince(one) ?? 0) - (waitsSince(other) ?? 0))[0] ??
  items.find(({ status, end }) => status === 'booked' && Date.parse(end) > Date.now());

function DayList({ practitionerId }: { practitionerId: string }) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const zone = usePractitioner(practitionerId).data?.places[0]?.zone ?? 'UTC';
  const today = dateAt(Date.now(), zone);
  const [isLive, setLive] = useState(false);
  const day = useQuery(dayOf(practitionerId, today, isLive));
  useLiveAgendas([practitionerId], setLive);
  useKept([practitionerId]);
  const [opened, setOpened] = useState<Appointment>();
  const next = day.data && nextOf(day.data.items)?.patientId;
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /INPUT|TEXTAREA|SELECT/.test(event.target.tagName);
      if (event.key !== 'n' || isTyping || event.ctrlKey || event.metaKey || event.altKey || !next) return;
      void go({ to: '/patients/$patientId/chart', params: { patientId: next } });
    };
    addEventListener('keydown', open);
    return () => removeEventListener('keydown', open);
  }, [next, go]);
  return (
    <Page
      title={t`Today, ${dateInWords(today, i18n.locale, 'full')}`}
      beside={
        <Button
          look="main"
          disabled={!next}
          aria-keyshortcuts="n"
          onClick={() => next && go({ to: '/patients/$patientId/chart', params: { patientId: next } })}
        >
          <Trans>Next patient</Trans> <kbd className="rounded border px-1 text-xs">n</kbd>
        </Button>
      }
    >
      <Remote
        of={day}
        label={t`your day`}
        isNone={({ items }) => !items.some(isShown)}
        none={<Trans>Nobody is booked today.</Trans>}
      >
        {({ items }) => (
          <ol className="grid gap-2">
            {items.filter(isShown).map((each) => (
              <li key={each.id}>
                <Line appointment={each} isNext={each.patientId === next} onOpen={() => setOpened(each)} />
              </li>
            ))}
          </ol>
        )}
      </Remote>
      {opened && <AppointmentActions appointment={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}

interface LineProps {
  appointment: Appointment;
  isNext: boolean;
  onOpen: () => void;
}

function Line({ appointment, isNext, onOpen }: LineProps) {
  const { i18n, t } = useLingui();
  const patient = usePatient(appointment.patientId);
  const name = patient.data ? nameOfPatient(patient.data) : patient.error ? t`name could not be read` : '…';
  return (
    <Card className={`flex flex-wrap items-center gap-x-4 gap-y-1 py-2 ${isNext ? 'border-2 border-accent' : ''}`}>
      <span className="font-semibold tabular-nums">{timeAt(appointment.start, appointment.zone, i18n.locale)}</span>
      <Link to="/patients/$patientId/chart" params={{ patientId: appointment.patientId }} className="font-semibold">
        {name}
      </Link>
      <span className="text-quiet">{appointment.reason}</span>
      <span className="ml-auto text-sm">
        {isNext && (
          <strong className="mr-2">
            <Trans>next</Trans>
          </strong>
        )}
        <VisitStatus of={appointment} />
      </span>
      <Button size="desk" onClick={onOpen} aria-label={t`What to do with the appointment of ${name}`}>
        …
      </Button>
    </Card>
  );
}
