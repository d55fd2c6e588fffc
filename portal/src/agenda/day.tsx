import { useLingui } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { dayOf } from '../api/appointments.ts';
import { useLiveAgendas } from '../api/live-agendas.ts';
import { nameOfPractitioner, zoneOf } from '../api/practitioners.ts';
import { problemOf } from '../api/problem.ts';
import { scheduleOf } from '../api/schedules.ts';
import { slotsOn } from '../api/slots.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { AppointmentActions } from '../forms/appointment-actions.tsx';
import { AppointmentBook } from '../forms/appointment-book.tsx';
import { AppointmentMoveTo } from '../forms/appointment-move-to.tsx';
import { TelephoneBook } from '../forms/telephone-book.tsx';
import { useCaller } from '../forms/use-caller.ts';
import { CopyOffered } from '../outage/copy-state.tsx';
import { useKept } from '../outage/keep-copy.ts';
import { instantAt, isElsewhere, zoneInWords } from '../time/zone.ts';
import { Failure } from '../ui/failure.tsx';
import { KindThere } from '../ui/kind-there.tsx';
import { remembered } from '../ui/remembered.ts';
import { Loading, Remote } from '../ui/remote.tsx';
import { agesOf } from '../ui/remotes.ts';
import { kindNamed } from '../words/visit-kinds.ts';
import { Agenda } from './agenda.tsx';
import type { Column } from './column.tsx';
import { clockOfMinutes, type Target } from './grid.ts';
import { useNames } from './names.ts';
import { openOn } from './open.ts';

interface Props {
  day: string;
  practitioners: readonly Practitioner[];
  /** The name of the kind of visit for which free times are shown; without one, of what each offers first. */
  kind?: string;
}

/** What somebody is about to do in the agenda. */
type Act =
  | { is: 'open'; appointment: Appointment }
  | { is: 'book'; practitioner: Practitioner; clock?: string; like?: string }
  | { is: 'move'; appointment: Appointment; to: Target };

const none: never[] = [];
const openOnDay = remembered(openOn);

/** A day of the practitioners who are shown, what is free in it, and what is done in it. */
export function Day({ day, practitioners, kind }: Props) {
  const { i18n, t } = useLingui();
  const [act, setAct] = useState<Act>();
  const [isLive, setLive] = useState(false);
  const caller = useCaller();
  const [booked, onBooked] = useState<Appointment>();
  const field = useRef<HTMLInputElement>(null);
  const days = useQueries({ queries: practitioners.map(({ id }) => dayOf(id, day, isLive)) });
  const hours = useQueries({ queries: practitioners.map(({ id }) => scheduleOf(id)) });
  const free = useQueries({
    queries: practitioners.map((each) => slotsOn(each.id, kindNamed(each, kind)?.id, day)),
  });
  // Whoever may not see one of them may follow the others still.
  const seen = practitioners.filter((_each, nth) => problemOf(days[nth]?.error)?.status !== 403);
  useLiveAgendas(
    seen.map(({ id }) => id),
    setLive,
  );
  useKept(seen.map(({ id }) => id));
  // Who was chosen already has their times there instead.
  const search = () => (field.current ?? document.querySelector<HTMLElement>('[data-caller] button'))?.focus();
  useSearchKey(search);
  const columns = practitioners.map((each, nth): Column => {
    const { data, error, refetch } = days[nth] ?? {};
    const name = nameOfPractitioner(each);
    const schedule = hours[nth]?.data;
    const noon = instantAt(day, '12:00', zoneOf(each));
    return {
      id: each.id,
      name,
      zone: isElsewhere(noon, zoneOf(each)) ? zoneInWords(noon, zoneOf(each), i18n.locale) : undefined,
      appointments: data?.items ?? none,
      open: schedule && openOnDay(schedule, day, each.places),
      // Of a kind that they do not offer nothing is free.
      free: kindNamed(each, kind) ? free[nth]?.data?.items : none,
      instead: data ? undefined : <Instead name={name} error={error} onRetry={refetch} />,
    };
  });
  const names = useNames(columns.flatMap(({ appointments }) => appointments));
  // Whose day is there, but not what is free or closed in it: the agenda says nothing of that then, and this says why.
  const unread = [...hours, ...free].find(({ data, error }) => error && !data && problemOf(error)?.status !== 403);
  const whoIs = (id: string) => practitioners.find((each) => each.id === id);
  const close = () => setAct(undefined);
  return (
    <div className="grid grid-cols-1 gap-3">
      <TelephoneBook
        caller={caller}
        practitioners={practitioners}
        day={day}
        kind={kind}
        field={field}
        booked={booked}
        onBooked={onBooked}
      />
      <Remote of={agesOf(days)} label={t`the agendas`}>
        {() => null}
      </Remote>
      {days.some(({ data, error }) => error && !data) && <CopyOffered />}
      {unread && days.some(({ data }) => data) && (
        <Failure error={unread.error} role="status" onRetry={() => unread.refetch()} />
      )}
      <Agenda
        day={day}
        columns={columns}
        names={names}
        onOpen={(appointment) => setAct({ is: 'open', appointment })}
        onMove={(appointment, to) => setAct({ is: 'move', appointment, to })}
        onBook={(id, from, slot) => {
          const practitioner = whoIs(id);
          const clock = from === undefined ? undefined : clockOfMinutes(from);
          if (practitioner) setAct({ is: 'book', practitioner, clock, like: slot?.start });
        }}
        onSearch={search}
      />
      {act?.is === 'open' && <AppointmentActions appointment={act.appointment} onClose={close} />}
      {act?.is === 'book' && (
        <AppointmentBook {...act} caller={caller} onBooked={onBooked} day={day} kind={kind} onClose={close} />
      )}
      {act?.is === 'move' && <Moved {...act} day={day} whoIs={whoIs} onClose={close} />}
    </div>
  );
}

interface MovedProps {
  appointment: Appointment;
  to: Target;
  day: string;
  whoIs: (id: string) => Practitioner | undefined;
  onClose: () => void;
}

function Moved({ appointment, to, day, whoIs, onClose }: MovedProps) {
  const [own, practitioner] = [whoIs(appointment.practitionerId), whoIs(to.practitionerId)];
  const kind = own?.appointmentTypes.find(({ id }) => id === appointment.appointmentTypeId);
  const isOwn = practitioner === own;
  const [chosen, choose] = useState<string>();
  if (!practitioner) return null;
  const same = isOwn ? appointment.appointmentTypeId : kind && kindNamed(practitioner, kind.name)?.id;
  const typeId = same ?? chosen;
  if (!typeId) return <KindThere practitioner={practitioner} kind={kind} onChoose={choose} onClose={onClose} />;
  // By the clock of the column in which it was put down.
  const zone = isOwn ? appointment.zone : zoneOf(practitioner);
  const start = instantAt(day, clockOfMinutes(to.from), zone, appointment.start);
  return (
    <AppointmentMoveTo
      appointment={appointment}
      practitioner={practitioner}
      appointmentTypeId={typeId}
      start={start}
      onClose={onClose}
    />
  );
}

/** F2 leads to the field from anywhere on the page: it is no letter that somebody might be typing, or saying. */
function useSearchKey(search: () => void): void {
  const latest = useRef(search);
  latest.current = search;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F2' || event.ctrlKey || event.altKey || event.metaKey) return;
      // What stands behind a dialog is not there.
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** In the place of a column that is not there yet, or could not be read. */
const Instead = ({ name, error, onRetry }: { name: string; error: unknown; onRetry?: () => void }) => (
  <div className="p-2">{error ? <Failure error={error} onRetry={onRetry} /> : <Loading label={name} />}</div>
);
