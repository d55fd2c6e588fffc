import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLiveAgendas } from '../api/live-agendas.ts';
import { useDayOf } from '../api/own-day.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import type { Appointment } from '../api/types.ts';
import { AppointmentActions } from '../forms/appointment-actions.tsx';
import { FollowUpBook } from '../forms/follow-up-book.tsx';
import { useKept } from '../outage/keep-copy.ts';
import { usePerson } from '../session/use-session.ts';
import { isShown, nextVisit } from '../time/next-visit.ts';
import { now } from '../time/server-clock.ts';
import { Times } from '../time/time.tsx';
import { dateInWords, timeAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { CardField, useCardScan } from '../ui/card-scan.tsx';
import { NextPatient } from '../ui/next-patient.tsx';
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

function DayList({ practitionerId }: { practitionerId: string }) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const [isLive, setLive] = useState(false);
  const { practitioner, today, day } = useDayOf(practitionerId, isLive);
  useLiveAgendas([practitionerId], setLive);
  useKept([practitionerId]);
  const [opened, setOpened] = useState<Appointment>();
  const [followed, setFollowed] = useState<Appointment>();
  const next = day.data && nextVisit(day.data.items, now())?.patientId;
  const openChart = (patientId: string) => void go({ to: '/patients/$patientId/chart', params: { patientId } });
  useCardScan(openChart);
  const kinds = new Map(practitioner?.appointmentTypes.map(({ id, name }) => [id, name]));
  return (
    <Page
      title={t`Today, ${dateInWords(today, i18n.locale, 'full')}`}
      beside={<NextPatient look="main" next={next} onOpen={openChart} />}
    >
      <Remote
        of={day}
        label={t`your day`}
        isNone={({ items }) => !items.some(isShown)}
        none={<Trans>Nobody is booked today.</Trans>}
      >
        {({ items }) => (
          <Times of={items}>
            <ol className="grid gap-2">
              {items.filter(isShown).map((each) => (
                <li key={each.id}>
                  <Line
                    appointment={each}
                    kind={kinds.get(each.appointmentTypeId)}
                    isNext={each.patientId === next}
                    onOpen={() => setOpened(each)}
                    onFollowUp={() => setFollowed(each)}
                  />
                </li>
              ))}
            </ol>
          </Times>
        )}
      </Remote>
      <CardField onPatient={openChart} />
      {opened && <AppointmentActions appointment={opened} onClose={() => setOpened(undefined)} />}
      {followed && practitioner && (
        <FollowUpBook
          patientId={followed.patientId}
          practitioner={practitioner}
          typeId={followed.appointmentTypeId}
          onClose={() => setFollowed(undefined)}
        />
      )}
    </Page>
  );
}

interface LineProps {
  appointment: Appointment;
  /** Of visit. */
  kind?: string;
  isNext: boolean;
  onOpen: () => void;
  onFollowUp: () => void;
}

function Line({ appointment, kind, isNext, onOpen, onFollowUp }: LineProps) {
  const { i18n, t } = useLingui();
  const patient = usePatient(appointment.patientId);
  const name = patient.data ? nameOfPatient(patient.data) : patient.error ? t`name could not be read` : '…';
  return (
    <Card className={`flex flex-wrap items-center gap-x-4 gap-y-1 py-2 ${isNext ? 'border-2 border-accent' : ''}`}>
      <span className="font-semibold tabular-nums">{timeAt(appointment.start, appointment.zone, i18n.locale)}</span>
      <Link to="/patients/$patientId/chart" params={{ patientId: appointment.patientId }} className="font-semibold">
        {name}
      </Link>
      <span className="min-w-0 text-quiet">{[kind, appointment.reason].filter(Boolean).join(' · ')}</span>
      <div className="ml-auto flex flex-wrap items-center justify-end gap-x-3">
        <span className="text-sm">
          {isNext && (
            <strong className="mr-2">
              <Trans>next</Trans>
            </strong>
          )}
          <VisitStatus of={appointment} />
        </span>
        <Button size="desk" look="quiet" onClick={onFollowUp} aria-label={t`Follow-up for ${name}`}>
          <Trans>Follow-up</Trans>
        </Button>
        <Button size="desk" onClick={onOpen} aria-label={t`What to do with the appointment of ${name}`}>
          …
        </Button>
      </div>
    </Card>
  );
}
