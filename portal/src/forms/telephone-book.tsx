import { Trans, useLingui } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import { nameOfPractitioner } from '../api/practitioners.ts';
import { problemOf } from '../api/problem.ts';
import { firstSlots } from '../api/slots.ts';
import type { Appointment, Practitioner, Slot } from '../api/types.ts';
import { today } from '../time/server-clock.ts';
import { dateAt, dayAt, shortDateInWords, timeAt } from '../time/zone.ts';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { Loading } from '../ui/remote.tsx';
import { kindNamed } from '../words/visit-kinds.ts';
import { CallerFind } from './caller-find.tsx';
import { useBooking } from './use-booking.ts';
import type { Caller } from './use-caller.ts';

interface Props {
  caller: Caller;
  /** Those whose agendas are shown: with them a time is looked for. */
  practitioners: readonly Practitioner[];
  /** From which day on. */
  day: string;
  kind?: string;
  field: RefObject<HTMLInputElement | null>;
  /** What was booked last, and hears of what is. */
  booked?: Appointment;
  onBooked: (booked: Appointment) => void;
}

/** Free times that are read out on the telephone. */
const offeredMax = 8;

/**
 * Books while somebody is on the telephone: F2, a name, Enter, and Enter again takes the first free time of all who are shown. Any other is
 * an arrow away, or in the agendas below.
 */
export function TelephoneBook({ caller, practitioners, day, kind, field, booked, onBooked }: Props) {
  const { t } = useLingui();
  const { patientId } = caller.values;
  const isNextSought = useRef(false);
  const searchNext = () => {
    isNextSought.current = true;
  };
  // The field is there again only then.
  useEffect(() => {
    if (patientId !== '' || !isNextSought.current) return;
    isNextSought.current = false;
    field.current?.focus();
  }, [patientId, field]);
  const booking = useBooking((done) => {
    onBooked(done);
    caller.clear();
    // Once it is booked the next may call.
    searchNext();
  });
  const taken = problemOf(booking.error)?.nextFreeSlots as Slot[] | undefined;
  const forget = () => {
    caller.forget();
    booking.reset();
    searchNext();
  };
  const choose = ({ practitionerId, appointmentTypeId, start }: Slot) =>
    booking.mutate({ patientId, practitionerId, appointmentTypeId, start });
  return (
    <section
      aria-label={t`Book by telephone`}
      data-caller
      onKeyDown={(event) => {
        if (event.key === 'Escape' && patientId !== '') forget();
      }}
    >
      <Card className={`grid content-start gap-4 py-3 ${patientId === '' ? '' : 'desk:grid-cols-2'}`}>
        <div className="grid max-w-4xl content-start gap-3">
          <CallerFind caller={caller} field={field} shortcut="F2" />
          {booked && patientId === '' && <Booked appointment={booked} practitioners={practitioners} />}
        </div>
        {patientId !== '' && (
          <div className="grid content-start gap-3">
            {booking.error && <Failure error={booking.error} />}
            <FirstTimes
              practitioners={practitioners}
              day={day}
              kind={kind}
              nearest={taken}
              onChoose={choose}
              busyStart={booking.isPending ? booking.variables.start : undefined}
            />
          </div>
        )}
      </Card>
    </section>
  );
}

function Booked({ appointment, practitioners }: { appointment: Appointment; practitioners: readonly Practitioner[] }) {
  const { i18n, t } = useLingui();
  const { id, patientId, practitionerId, start, zone } = appointment;
  const [time, day] = [timeAt, dayAt].map((words) => words(start, zone, i18n.locale));
  const practitioner = practitioners.find((each) => each.id === practitionerId);
  const name = practitioner ? nameOfPractitioner(practitioner) : '…';
  return (
    <Notice look="good" role="status" title={t`Booked: ${time}, ${day}, with ${name}`}>
      <p>
        <Link
          to="/patients/$patientId/appointments/$appointmentId"
          params={{ patientId, appointmentId: id }}
          className="text-sm"
        >
          <Trans>Show the appointment</Trans>
        </Link>
      </p>
    </Notice>
  );
}

interface TimesProps {
  practitioners: readonly Practitioner[];
  day: string;
  kind?: string;
  /** In place of one that was just taken. */
  nearest?: Slot[];
  onChoose: (slot: Slot) => void;
  busyStart?: string;
}

/** The first free times of several practitioners, the soonest in front. The first takes the focus, arrows lead to the others. */
function FirstTimes({ practitioners, day, kind, nearest, onChoose, busyStart }: TimesProps) {
  const { i18n, t } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  const from = day < today() ? today() : day;
  const asked = useQueries({
    queries: practitioners.map((each) => firstSlots(each.id, kindNamed(each, kind)?.id, from)),
  });
  const isAsked = (nth: number) => kindNamed(practitioners[nth] as Practitioner, kind) !== undefined;
  const failed = asked.find(({ error, data }) => error && !data);
  const isLoading = asked.some(({ isPending, error }, nth) => isAsked(nth) && isPending && !error);
  const slots = [...(nearest ?? []), ...asked.flatMap(({ data }) => data?.items ?? [])]
    .filter((slot, nth, all) => all.findIndex((other) => isSame(slot, other)) === nth)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
    .slice(0, offeredMax);
  const isReady = !isLoading && slots.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another kind of visit has other times.
  useEffect(() => {
    if (isReady) list.current?.querySelector('button')?.focus();
  }, [isReady, kind]);
  if (isLoading) return <Loading label={t`free times`} />;
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    all[all.indexOf(document.activeElement as HTMLButtonElement) + by]?.focus();
  };
  return (
    <>
      <h2 className="text-base">
        <Trans>First free times</Trans>
      </h2>
      {failed && <Failure error={failed.error} onRetry={() => failed.refetch()} />}
      {slots.length === 0 && !failed && (
        <p className="text-quiet">
          <Trans>Nobody who is shown has a free time in the next four weeks.</Trans>
        </p>
      )}
      <ul ref={list} className="grid gap-2 tablet:grid-cols-2">
        {slots.map((slot) => {
          const practitioner = practitioners.find(({ id }) => id === slot.practitionerId);
          const name = practitioner ? nameOfPractitioner(practitioner) : '…';
          const minutes = (Date.parse(slot.end) - Date.parse(slot.start)) / 60_000;
          const [time, date] = [timeAt, dayAt].map((words) => words(slot.start, slot.zone, i18n.locale));
          const doubt = slot.doubt ? t`, may turn out to be taken` : '';
          return (
            <li key={slot.practitionerId + slot.start}>
              <button
                type="button"
                aria-label={t`${time}, ${date}, ${minutes} minutes, with ${name}${doubt}`}
                aria-disabled={busyStart !== undefined || undefined}
                onKeyDown={onKey}
                onClick={() => busyStart === undefined && onChoose(slot)}
                className="flex min-h-11 w-full cursor-pointer flex-wrap items-baseline gap-x-3 rounded-field border border-edge bg-surface px-3 py-1 text-left hover:border-accent hover:bg-accent-paper"
              >
                <span className="font-semibold tabular-nums">
                  {time}
                  {slot.doubt && ' ?'}
                </span>
                <span>{shortDateInWords(dateAt(slot.start, slot.zone), i18n.locale)}</span>
                <span className="text-sm text-quiet">{name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

const isSame = (one: Slot, other: Slot): boolean =>
  one.start === other.start && one.practitionerId === other.practitionerId;
