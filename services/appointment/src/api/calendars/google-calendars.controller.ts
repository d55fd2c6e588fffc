import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { etagOf } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Header,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Freshness } from '../../domain/calendars/calendar.js';
import type { ConnectGoogle } from '../../domain/calendars/connect-google.js';
import type { PushChannels } from '../../domain/calendars/push-channels.js';
import type { Uuid } from '../common.dto.js';
import {
  type CalendarName,
  type CalendarResponse,
  type CalendarSettingsDto,
  toCalendarResponse,
} from './calendar.dto.js';

interface GoogleRequest extends CalendarSettingsDto {
  practitionerId: Uuid;
  name: CalendarName;
  /** The identifier of one of the person's calendars; the main one when it is left out.
   * @minLength 1
   * @maxLength 300
   * @example "primary" */
  calendarId?: string;
}

interface GoogleAddress {
  /** Where the person is to go, within ten minutes. */
  url: string;
}

interface GoogleAnswer {
  /** As Google sent it back.
   * @maxLength 200 */
  state: string;
  /** As Google sent it back.
   * @maxLength 1000 */
  code: string;
}

@Route('api/calendars/google')
@Tags('Calendars')
export class GoogleCalendarsController extends Controller {
  constructor(
    private readonly google: ConnectGoogle,
    private readonly channels: PushChannels,
    private readonly hurried: () => void,
    private readonly freshness: Freshness,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * Google asks the person there whether we may, and sends them back with a `state` and a `code` for `POST /api/calendars/google`.
   * @summary Begin to connect a calendar at Google
   */
  @Post('authorization')
  @Security('bearer')
  @Extension('x-access', { resource: 'calendarSignIn', action: 'begin', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(409, 'This practice is not registered at Google')
  @Example<GoogleAddress>({ url: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=...&state=...' })
  async begin(@Body() body: GoogleRequest, @Request() request: AuthenticatedRequest): Promise<GoogleAddress> {
    const { calendarId = 'primary', ...wanted } = body;
    return { url: await this.google.begin({ ...wanted, calendarId }, request.user) };
  }

  /**
   * Once, within ten minutes, and by the person who began it. The calendar is read before the answer.
   * @summary Connect a calendar at Google
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'calendar', action: 'connect', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @SuccessResponse(201, 'Connected')
  @Response<Problem>(422, 'The state or the code is none that was given for this person')
  async finish(@Body() body: GoogleAnswer, @Request() request: AuthenticatedRequest): Promise<CalendarResponse> {
    const calendar = await this.google.finish(body.state, body.code, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/calendars/${calendar.id}`);
    this.setHeader('ETag', etagOf(calendar.version));
    return toCalendarResponse(calendar, this.clock.now(), this.freshness);
  }

  /**
   * For Google alone, which proves itself by the token that the channel was opened with.
   * @summary Hear that a calendar has changed
   */
  @Post('notifications')
  @SuccessResponse(204, 'Heard')
  @Response<Problem>(403, 'Nobody here asked for it')
  async notified(
    @Header('X-Goog-Channel-ID') channelId?: string,
    @Header('X-Goog-Channel-Token') token?: string,
  ): Promise<void> {
    await this.channels.notified(channelId ?? '', token ?? '');
    this.hurried();
  }
}
