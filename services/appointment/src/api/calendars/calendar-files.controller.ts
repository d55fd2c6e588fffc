import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Produces,
  Put,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { FindAppointments } from '../../domain/booking/find-appointments.js';
import type { CalendarEvent } from '../../domain/calendars/event.js';
import { eventOf } from '../../domain/calendars/event.js';
import type { EventTexts } from '../../domain/calendars/event-texts.js';
import type { PrivateFeeds } from '../../domain/calendars/private-feeds.js';
import type { Uuid } from '../common.dto.js';

interface FeedAddress {
  /** Whoever has it can read the agenda: it is shown this once, and a new one ends it. */
  url: string;
}

/** Writes events as iCalendar (RFC 5545). */
type WriteEvents = (events: CalendarEvent[], method: 'PUBLISH' | 'CANCEL') => Promise<string>;

/** Puts on record that the agenda of a practitioner was read by its address. */
type RecordReading = (practitionerId: string, address?: string) => Promise<void>;

@Route('api')
@Tags('Calendars')
export class CalendarFilesController extends Controller {
  constructor(
    private readonly feeds: PrivateFeeds,
    private readonly appointments: FindAppointments,
    private readonly texts: EventTexts,
    private readonly write: WriteEvents,
    private readonly record: RecordReading,
    /** Of the gateway, as people reach it. */
    private readonly publicUrl: string,
  ) {
    super();
  }

  /**
   * The agenda as an address for other calendar programs, without anything about patients. Each time a new one, which ends
   * the one before.
   * @summary Give a practitioner a private calendar address
   */
  @Put('calendars/feeds/{practitionerId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendarFeed', action: 'give', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.practitionerId'])
  @Response<Problem>(422, 'There is no such practitioner, or no longer')
  @Example<FeedAddress>({ url: 'https://practice.example/api/calendars/feeds/pJ8...Q.ics' })
  async give(@Path() practitionerId: Uuid, @Request() request: AuthenticatedRequest): Promise<FeedAddress> {
    const token = await this.feeds.renew(practitionerId, request.user);
    this.setHeader('Cache-Control', 'no-store');
    return { url: `${this.publicUrl}/api/calendars/feeds/${token}.ics` };
  }

  /** @summary End a practitioner's private calendar address */
  @Delete('calendars/feeds/{practitionerId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendarFeed', action: 'end', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.practitionerId'])
  @SuccessResponse(204, 'Ended')
  end(@Path() practitionerId: Uuid, @Request() request: AuthenticatedRequest): Promise<void> {
    return this.feeds.end(practitionerId, request.user);
  }

  /**
   * For calendar programs: the address itself is what opens it, as long as the practitioner receives. Each reading is on record.
   * @summary Read a private calendar
   */
  @Get('calendars/feeds/{file}')
  @Produces('text/calendar')
  @Response<Problem>(404, 'Nothing is at this address, or no longer')
  async feed(
    @Path() file: string,
    @Request() request: HttpRequest,
    @Header('If-None-Match') ifNoneMatch?: string,
  ): Promise<Readable | undefined> {
    const { practitionerId, events } = await this.feeds.read(file.replace(/\.ics$/, ''));
    const text = await this.write(events, 'PUBLISH');
    await this.record(practitionerId, request.get('x-forwarded-for')?.split(',')[0]?.trim());
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    this.setHeader('Cache-Control', 'private, no-cache');
    this.setHeader('ETag', etag);
    if (ifNoneMatch?.includes(etag)) {
      this.setStatus(304);
      return undefined;
    }
    return this.calendar(text);
  }

  /**
   * To be added to any calendar; read again after a change, it takes the place of what was added before, and after a
   * cancellation takes it away.
   * @summary Read an appointment as a calendar file
   */
  @Get('appointments/{id}/calendar.ics')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'read', channel: 'calendar' })
  @Extension('x-audit-subjects', 'noted')
  @Produces('text/calendar')
  async appointment(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<Readable> {
    const appointment = await this.appointments.get({ id }, request.user);
    const event = eventOf(appointment, await this.texts.ofAnyway(appointment));
    this.setHeader('ETag', etagOf(appointment.version));
    this.setHeader('Content-Disposition', 'attachment; filename="appointment.ics"');
    return this.calendar(await this.write([event], event.status === 'CANCELLED' ? 'CANCEL' : 'PUBLISH'));
  }

  private calendar(text: string): Readable {
    this.setHeader('Content-Type', 'text/calendar; charset=utf-8');
    return Readable.from([text]);
  }
}
