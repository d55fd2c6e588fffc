import { useQuery } from '@tanstack/react-query';
import { dateAt, daysAfter } from '../time/zone.ts';
import { appointmentsKey } from './appointments.ts';
import { api, ifMatch, told } from './client.ts';
import { problemOf } from './problem.ts';
import type { Appointment, CancellationCode, ImpossibleOccurrence, SeriesRequest, Slot } from './types.ts';

/** With appointments: whatever changes one of them changes its series. */
export const useSeries = (id: string | undefined) =>
  useQuery({
    queryKey: [...appointmentsKey, 'series', id],
    enabled: id !== undefined,
    queryFn: () => told(api.GET('/api/appointments/series/{id}', { params: { path: { id: id as string } } })),
  });

/** All of what is named or nothing. @throws Refused 409, with each occurrence that is not possible (`impossibleIn`) */
export const bookSeries = (body: SeriesRequest, header: { 'Idempotency-Key': string }) =>
  told(api.POST('/api/appointments/series', { body, params: { header } }));

const at = (appointment: Appointment) => ({
  params: { path: { id: appointment.id }, header: ifMatch(appointment) },
});

/** This one and those that follow and stand where the series has them. @throws Refused 409 as `bookSeries`; none is moved then */
export const moveFollowing = (appointment: Appointment, start: string) =>
  told(api.POST('/api/appointments/{id}/move-following', { ...at(appointment), body: { start } }));

/** This one and all that follow. @throws Refused 409 when it is too late for one of them; none is cancelled then */
export const cancelFollowing = (appointment: Appointment, code: CancellationCode, reason: string) =>
  told(
    api.POST('/api/appointments/{id}/cancel-following', {
      ...at(appointment),
      body: { code, reason },
      keepalive: true,
    }),
  );

/** Whether it stands where its series has it: what was moved alone does not. */
export const isInPlace = ({ start, occurrence = '' }: Appointment): boolean =>
  Date.parse(start) === Date.parse(occurrence);

/** Of a refusal: each occurrence that is not possible, with what is in its way. */
export const impossibleIn = (error: unknown): ImpossibleOccurrence[] =>
  (problemOf(error)?.impossible as ImpossibleOccurrence[] | undefined) ?? [];

/** Days and slots for which one question asks at most. */
const [askedDays, askedSlots] = [92, 2_000];

/** Which of these instants are free for a kind of visit, by their slots: a few questions, however many there are. */
export const useFreeAmong = (
  practitionerId: string,
  appointmentTypeId: string,
  starts: readonly string[],
  zone: string,
) =>
  useQuery({
    queryKey: ['slots', 'among', practitionerId, appointmentTypeId, starts],
    enabled: starts.length > 0,
    queryFn: async () => {
      const wanted = new Set(starts.map((each) => Date.parse(each)));
      const dates = starts.map((each) => dateAt(each, zone)).sort();
      const last = dates.at(-1) as string;
      const free = new Map<number, Slot>();
      for (let from = dates[0] as string; from <= last; from = daysAfter(from, askedDays)) {
        const end = daysAfter(from, askedDays - 1);
        const question = { practitionerId, appointmentTypeId, from, to: end < last ? end : last, limit: askedSlots };
        let cursor: string | undefined;
        do {
          const page = await told(api.GET('/api/slots', { params: { query: { ...question, cursor } } }));
          for (const slot of page.items) if (wanted.has(Date.parse(slot.start))) free.set(Date.parse(slot.start), slot);
          cursor = page.nextCursor;
        } while (cursor);
      }
      return free;
    },
  });
