import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { Cursors, keyPart, nextLink, toPage } from '@cabinet/service/http/pages';
import { Controller, Extension, Get, Queries, Query, Request, Route, Security, Tags } from '@tsoa/runtime';
import { z } from 'zod';
import type { FindAgendas } from '../../domain/availability/find-agendas.js';
import type { FindFreeSlots, FoundSlot } from '../../domain/availability/find-free-slots.js';
import { neighbourNamedTo } from '../../domain/capacity.js';
import { refusal } from '../../domain/refusal.js';
import { inZone, parseBound, parseInstant } from '../../domain/time/time.js';
import type { Instant, InstantOrDate, Uuid } from '../common.dto.js';
import { type SlotExplanation, type SlotList, toSlotRefusal, toSlotResponse } from './slot.dto.js';

interface SlotQuery {
  /** Of this practitioner; of any who offer the type when it is left out. */
  practitionerId?: Uuid;
  /**
   * Of practitioners of this speciality: beginnings of words of its name, or its code.
   * @maxLength 100
   * @example "SM54"
   */
  speciality?: string;
  /** At this place only. */
  placeId?: Uuid;
  /** Gives the length of the slots. */
  appointmentTypeId?: Uuid;
  /**
   * In place of `appointmentTypeId`: the name of the type, which several practitioners may have.
   * @minLength 1
   * @maxLength 100
   * @example "Consultation"
   */
  appointmentType?: string;
  /** Slots that start at it or later, or on that day at the place or later; a time that has passed counts as now. */
  from: InstantOrDate;
  /** Slots that end by it, or by the end of that day at the place; at most 92 days after `from`. */
  to: InstantOrDate;
  /** The first free slot of each practitioner only, the soonest in front. */
  first?: boolean;
  /**
   * 500 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 2000
   */
  limit?: number;
  /** @maxLength 1000 */
  cursor?: string;
}

const byStart = new Cursors('slots', z.tuple([keyPart.time, keyPart.id]));

@Route('api/slots')
@Tags('Slots')
export class SlotsController extends Controller {
  constructor(
    private readonly agendas: FindAgendas,
    private readonly slots: FindFreeSlots,
  ) {
    super();
  }

  /**
   * Free slots of one practitioner or of all who offer the type, in order of time, each in the zone of its place. They are
   * computed from hours, rules and appointments at the moment of the question, so a cancelled slot is back at once. Patients
   * are offered what patients may book.
   * @summary Search free slots
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'slot', action: 'read', channel: 'search' })
  @Extension('x-audit-subjects', [])
  async search(@Queries() query: SlotQuery, @Request() request: AuthenticatedRequest): Promise<SlotList> {
    const [from, to] = [parseBound(query.from, 'from'), parseBound(query.to, 'to')];
    const cursors = byStart.under(query);
    const after = cursors.read(query.cursor);
    const limit = query.limit ?? 500;
    const found = await this.slots.search({
      agendas: await this.agendas.that(query, request.user),
      from,
      to,
      // From a later time on, the first of each would be another one.
      after: query.first ? undefined : after?.[0],
      eachMax: query.first ? 1 : limit + 2,
      placeId: query.placeId,
    });
    const page = toPage(after ? found.filter((slot) => isAfter(slot, after)) : found, limit);
    const nextCursor = cursors.next(page, ({ start, practitionerId }) => [start, practitionerId]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toSlotResponse), nextCursor };
  }

  /**
   * Asks the rules that bookings are held against, and names each that is in the way, or the neighbour.
   * @summary Tell why a time is offered, or is not
   */
  @Get('explain')
  @Security('bearer')
  @Extension('x-access', { resource: 'slotExplanation', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async explain(
    @Query() practitionerId: Uuid,
    @Query() appointmentTypeId: Uuid,
    @Query() at: Instant,
    @Request() request: AuthenticatedRequest,
  ): Promise<SlotExplanation> {
    const start = parseInstant(at, 'at').toMillis();
    const [agenda] = await this.agendas.that({ practitionerId, appointmentTypeId }, request.user);
    if (!agenda) throw refusal('APPOINTMENT.TYPE_UNKNOWN', 'appointmentTypeId', 'is not offered by this practitioner');
    const [{ slot, refusals }, nextFreeSlots] = await Promise.all([
      this.slots.explain(agenda, start),
      this.slots.next(agenda, start),
    ]);
    const zone = slot?.zone ?? agenda.practitioner.places[0]?.zone ?? 'UTC';
    return {
      practitionerId,
      appointmentTypeId,
      start: inZone(start, zone),
      zone,
      isOffered: slot !== undefined,
      reasons: (refusals ?? []).map((refusal) =>
        toSlotRefusal(refusal, zone, neighbourNamedTo(request.user, agenda.audience, refusal)),
      ),
      nextFreeSlots: nextFreeSlots.map(toSlotResponse),
    };
  }
}

const isAfter = (slot: FoundSlot, [start, practitionerId]: [number, string]): boolean =>
  slot.start > start || (slot.start === start && slot.practitionerId > practitionerId);
