import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { type Facts, modeOf } from '../availability/availability.js';
import type { Agenda, AvailabilityFacts } from '../availability/availability-facts.js';
import { assertMayBook, maySee, noteAbout, wordOf } from '../booking/access.js';
import type { Appointment } from '../booking/appointment.js';
import { type BookingRequest, seenBy, wholeMinute } from '../booking/book-appointment.js';
import { appointmentIn, becomesOf, placeOf } from '../booking/place-in-agenda.js';
import type { Appointments, PatientTime } from '../booking/ports.js';
import { audienceOf, wardsIn } from '../capacity.js';
import type { Directory } from '../directory.js';
import { assertNotGone, refusal } from '../refusal.js';
import type { Interval } from '../time/intervals.js';
import { assertClockShows, day, inZone, parseInstant } from '../time/time.js';
import { SeriesNotFound, SeriesNotPossible } from './errors.js';
import type { SeriesState } from './find-series.js';
import { type Impossible, judgeSeries, type Possible } from './judge-series.js';
import type { AllSeries } from './ports.js';
import { type Occurrence, occurrencesMax, type Series } from './series.js';

/** `start` is that of the first occurrence. */
export interface SeriesRequest extends Omit<BookingRequest, 'overbook'> {
  rule: string;
  exceptDates?: string[];
  /** Book what is possible and report the rest, rather than nothing. */
  skipImpossible?: boolean;
}

/** Each time that a series loses an occurrence to somebody faster, it is judged anew. */
const triesMax = 20;

export class BookSeries {
  constructor(
    private readonly appointments: Appointments,
    private readonly series: AllSeries,
    private readonly facts: AvailabilityFacts,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * Books every occurrence in one transaction, or none of them; with `skipImpossible` those that are possible.
   * @throws NotAllowed (403) for another's, 422 for a rule that makes no series, 409 with each occurrence that is not possible and why
   */
  async book(request: SeriesRequest, actor: Principal): Promise<SeriesState & { impossible: Impossible[] }> {
    assertMayBook(actor, request);
    const asked = parseInstant(request.start, 'start');
    noteAbout(request);
    const stored = await storedBefore((id) => this.series.find(id));
    if (stored) return { ...(await this.state(stored, actor)), impossible: [] };
    const practitioner = await this.directory.parties(request);
    const audience = audienceOf(actor, request);
    const agenda: Agenda = {
      practitioner,
      appointmentTypeId: request.appointmentTypeId,
      audience,
      wards: wardsIn(actor, audience),
    };
    const zone = practitioner.places[0]?.zone ?? 'UTC';
    const start = wholeMinute(asked);
    assertClockShows(asked, zone, 'start');
    const series: Series = {
      id: effectOfRequest().id,
      startsAt: inZone(start, zone).slice(0, 16),
      rule: request.rule,
      exceptDates: request.exceptDates ?? [],
      zone,
      createdAt: this.clock.now(),
      createdBy: actor.id,
    };
    // Loaded with the first series: what expands rules takes more room than all other rules here.
    const { occurrencesOf } = await import('./recurrence.js');
    const occurrences = beginningAt(start, occurrencesOf(series), zone);
    const range = spanOf(start, occurrences);
    for (let tries = 1; ; tries += 1) {
      const facts = await this.facts.load(agenda, range);
      const others = await this.otherVisits(request.patientId, agenda, range);
      const { possible, impossible } = judgeSeries(occurrences, facts, others);
      const isRefused = possible.length === 0 || (impossible.length > 0 && !request.skipImpossible);
      if (isRefused || tries > triesMax)
        throw new SeriesNotPossible(impossible, possible.length, facts.audience, actor);
      const bookedAs = wordOf(actor, request);
      const appointments = appointmentsOf(possible, { series, facts, request, bookedAs });
      if ((await this.series.add(series, appointments)) === 'stored') return { series, appointments, impossible };
      assertNotGone(await this.appointments.goneAs(request.patientId));
      await this.appointments.releaseExpired(this.clock.now());
    }
  }

  private async state(series: Series, actor: Principal): Promise<SeriesState> {
    const all = await this.appointments.list({ seriesId: series.id }, occurrencesMax);
    const appointments = all.filter((each) => maySee(actor, each));
    if (appointments.length === 0) throw new SeriesNotFound();
    return { series, appointments };
  }

  /** As far as who books sees them: the facts have the others as taken. */
  private async otherVisits(patientId: string, agenda: Agenda, range: Interval): Promise<PatientTime[]> {
    const taken = await this.appointments.takenOf([patientId], range, this.clock.now());
    return seenBy(agenda, patientId, taken.get(patientId) ?? []);
  }
}

interface Asked {
  series: Series;
  facts: Facts;
  request: SeriesRequest;
  bookedAs: Appointment['bookedAs'];
}

/** @throws 422 for a mode in which the type is not offered */
function appointmentsOf(possible: Possible[], { series, facts, request, bookedAs }: Asked): Appointment[] {
  const mode = modeOf(facts.type, request.mode);
  if (!mode) throw refusal('APPOINTMENT.MODE_NOT_OFFERED', 'mode', 'is not one in which this type is offered');
  const { patientId, practitionerId, appointmentTypeId, reason, keptFromGuardians = false } = request;
  return possible.map(({ slot }) =>
    appointmentIn(placeOf(slot), {
      patientId,
      practitionerId,
      appointmentTypeId,
      mode,
      reason,
      keptFromGuardians,
      becomes: becomesOf(facts.type.rules, facts.audience),
      bookedAs,
      seriesId: series.id,
      occurrence: new Date(slot.start),
      createdAt: series.createdAt,
      createdBy: series.createdBy,
    }),
  );
}

/** In the night in which the clocks show an hour twice, the one that was asked for is as it was asked. */
export const beginningAt = (start: number, occurrences: readonly Occurrence[], zone: string): Occurrence[] =>
  occurrences.map((each) => (each.local === inZone(start, zone).slice(0, 16) ? { ...each, instant: start } : each));

/** From the first occurrence to the day after the last. */
export const spanOf = (start: number, occurrences: readonly Occurrence[]): Interval => ({
  start,
  end: Math.max(start, ...occurrences.map(({ instant }) => instant ?? start)) + day,
});
