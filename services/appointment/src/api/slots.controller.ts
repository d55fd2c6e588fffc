import { decodeCursor, encodeCursor, invalidField, nextLink } from '@cabinet/kit';
import { Controller, Get, Queries, Request, Route, Security, Tags } from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { FindFreeSlots } from '../domain/find-free-slots.js';
import { parseInstant } from '../domain/time.js';
import { type Instant, type SlotList, toSlotResponse, type Uuid } from './dto.js';

interface SlotQuery {
  practitionerId: Uuid;
  /** Gives the length of the slots. */
  appointmentTypeId: Uuid;
  /** Slots that start at it or later; a time that has passed counts as now. */
  from: Instant;
  /** Slots that end by it, at most 92 days after `from`. */
  to: Instant;
  /**
   * @isInt
   * @minimum 1
   * @maximum 2000
   */
  limit?: number;
  /** @maxLength 300 */
  cursor?: string;
}

@Route('api/slots')
@Tags('Slots')
export class SlotsController extends Controller {
  constructor(private readonly slots: FindFreeSlots) {
    super();
  }

  /**
   * Free slots of one practitioner, in order of time, each in the zone of its place. They are computed from working
   * hours and appointments at the moment of the question, so a cancelled slot is back at once.
   * @summary Search free slots
   */
  @Get()
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'service'])
  async search(@Queries() query: SlotQuery, @Request() request: HttpRequest): Promise<SlotList> {
    const from = parseInstant(query.from, 'from').toMillis();
    const to = parseInstant(query.to, 'to').toMillis();
    if (to <= from) throw invalidField('to', 'END_BEFORE_START', 'must be after from');
    const after = query.cursor ? Number(decodeCursor(query.cursor, 1)[0]) : undefined;
    const limit = query.limit ?? 500;
    const found = await this.slots.search({
      practitionerId: query.practitionerId,
      appointmentTypeId: query.appointmentTypeId,
      range: { start: after === undefined ? from : Math.max(from, after), end: to },
      slotsMax: limit + 1,
    });
    const beyond = found[limit];
    const nextCursor = beyond && encodeCursor([beyond.start]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: found.slice(0, limit).map((slot) => toSlotResponse(query.practitionerId, slot)), nextCursor };
  }
}
