import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Put,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { accessBy, type Calendar, type Freshness } from '../../domain/calendars/calendar.js';
import type { KeepCalendars } from '../../domain/calendars/keep-calendars.js';
import type { Uuid } from '../common.dto.js';
import {
  type CalendarList,
  type CalendarRequest,
  type CalendarResponse,
  type CalendarSettingsDto,
  type ConflictList,
  type CredentialsDto,
  type DiscoveryRequest,
  type FoundCalendarList,
  toCalendarResponse,
  toConflictResponse,
} from './calendar.dto.js';

@Route('api/calendars')
@Tags('Calendars')
export class CalendarsController extends Controller {
  constructor(
    private readonly calendars: KeepCalendars,
    private readonly freshness: Freshness,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * The address is tried and the calendar read before the answer: wrong credentials, a private address or a page that is no
   * calendar are refused, and nothing is kept. From then on its times are not offered; titles and people are never stored.
   * @summary Connect a practitioner's calendar
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'connect', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @SuccessResponse(201, 'Connected')
  @Response<Problem>(409, 'The practitioner has enough calendars already')
  @Response<Problem>(422, 'The calendar cannot be reached, read, or let us in; `fields` says which')
  @Example<CalendarResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    version: 1,
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
    kind: 'ics',
    name: 'On-call roster',
    host: 'calendar.example',
    zone: 'Europe/Paris',
    policy: 'warn',
    writes: false,
    showsPatients: false,
    state: 'fresh',
    since: '2026-11-20T11:00:00+01:00',
    syncedAt: '2026-11-20T11:00:00+01:00',
    problems: [],
    unwritten: 0,
  })
  async connect(@Body() body: CalendarRequest, @Request() request: AuthenticatedRequest): Promise<CalendarResponse> {
    const { kind, url, username, password, email, ...wanted } = body;
    const access = accessBy(kind, { url, username, password, email });
    const calendar = await this.calendars.connect({ ...wanted, access }, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/calendars/${calendar.id}`);
    return this.answer(calendar);
  }

  /**
   * For whoever knows the server's address but not that of a calendar: they are found by who signs in. Nothing is kept.
   * @summary Find the calendars on a CalDAV server
   */
  @Post('discovery')
  @Security('bearer')
  @Extension('x-access', { resource: 'foundCalendar', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Found')
  @Response<Problem>(422, 'The server cannot be reached, has no calendars, or does not let us in; `fields` says which')
  async discover(@Body() body: DiscoveryRequest, @Request() request: AuthenticatedRequest): Promise<FoundCalendarList> {
    const { practitionerId, ...access } = body;
    return { items: await this.calendars.find(practitionerId, { kind: 'caldav', ...access }, request.user) };
  }

  /**
   * Each with how well it is known: `fresh`, `stale` since, `failing` with a code, or `revoked`.
   * @summary List a practitioner's calendars
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  async list(@Query() practitionerId: Uuid, @Request() request: AuthenticatedRequest): Promise<CalendarList> {
    const found = await this.calendars.list(practitionerId, request.user);
    return { items: found.map((calendar) => this.toResponse(calendar)) };
  }

  /**
   * Appointments ahead that stand where a calendar has taken the time too: something was entered there later, or while the
   * calendar could not be read.
   * @summary List conflicts between appointments and calendars
   */
  @Get('conflicts')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendarConflict', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', 'noted')
  async conflicts(@Query() practitionerId: Uuid, @Request() request: AuthenticatedRequest): Promise<ConflictList> {
    const found = await this.calendars.conflicts(practitionerId, request.user);
    return { items: found.map(toConflictResponse) };
  }

  /** @summary Read how a calendar is connected, and how well it is known */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<CalendarResponse> {
    return this.answer(await this.calendars.get(id, request.user));
  }

  /**
   * What is left out stays as it is.
   * @summary Change how a calendar is used
   */
  @Put('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(412, 'Somebody else changed it since it was read')
  @Response<Problem>(428, 'If-Match is missing')
  async change(
    @Path() id: Uuid,
    @Body() body: CalendarSettingsDto,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<CalendarResponse> {
    const which = { id, version: versionFromIfMatch(ifMatch) };
    return this.answer(await this.calendars.change(which, body, request.user));
  }

  /**
   * Takes new credentials, or a new address, once they have been tried; a calendar that was `revoked` is read again.
   * @summary Connect a calendar anew
   */
  @Put('{id}/access')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(422, 'The credentials do not open the calendar; the old ones are kept')
  async reconnect(
    @Path() id: Uuid,
    @Body() body: CredentialsDto,
    @Request() request: AuthenticatedRequest,
  ): Promise<CalendarResponse> {
    return this.answer(await this.calendars.reconnect(id, body, request.user));
  }

  /**
   * Answers when it has been read, or with why it could not be.
   * @summary Read a calendar now
   */
  @Post('{id}/sync')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async sync(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<CalendarResponse> {
    return this.answer(await this.calendars.syncNow(id, request.user));
  }

  /**
   * Its times are offered again, and its credentials forgotten. What was written there stays.
   * @summary Disconnect a calendar
   */
  @Delete('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'remove', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @SuccessResponse(204, 'Disconnected')
  disconnect(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<void> {
    return this.calendars.remove(id, request.user);
  }

  private answer(calendar: Calendar): CalendarResponse {
    this.setHeader('ETag', etagOf(calendar.version));
    return this.toResponse(calendar);
  }

  private toResponse(calendar: Calendar): CalendarResponse {
    return toCalendarResponse(calendar, this.clock.now(), this.freshness);
  }
}
