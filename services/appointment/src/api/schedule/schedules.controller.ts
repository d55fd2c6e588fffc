import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Extension,
  Get,
  Header,
  Path,
  Put,
  Query,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { KeepSchedule } from '../../domain/schedule/keep-schedule.js';
import type { Schedule } from '../../domain/schedule/schedule.js';
import type { Uuid } from '../common.dto.js';
import {
  type ScheduleRequest,
  type ScheduleResponse,
  type ScheduleVersionList,
  toRules,
  toScheduleResponse,
  toScheduleVersion,
} from './schedule.dto.js';

const byVersion = new Cursors('schedule-versions', z.tuple([keyPart.count]));

@Route('api/schedules')
@Tags('Schedules')
export class SchedulesController extends Controller {
  constructor(private readonly schedules: KeepSchedule) {
    super();
  }

  /** @summary Read when a practitioner receives, and how appointments are booked */
  @Get('{practitionerId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'schedule', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async get(@Path() practitionerId: Uuid): Promise<ScheduleResponse> {
    return this.answer(await this.schedules.of(practitionerId));
  }

  /**
   * All that was set, the newest first, 20 a page when `limit` is left out. What is in force is set back by sending an older
   * one with `PUT`.
   * @summary Read what was set of a schedule, when and by whom
   * @isInt limit
   * @minimum limit 1
   * @maximum limit 200
   * @maxLength cursor 1000
   */
  @Get('{practitionerId}/versions')
  @Security('bearer')
  @Extension('x-access', { resource: 'scheduleVersion', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(422, 'The cursor or the limit is not valid')
  async versions(
    @Path() practitionerId: Uuid,
    @Request() request: AuthenticatedRequest,
    @Query() limit?: number,
    @Query() cursor?: string,
  ): Promise<ScheduleVersionList> {
    const cursors = byVersion.under({ practitionerId });
    const page = await this.schedules.versionsOf(
      practitionerId,
      { limit: limit ?? 20, before: cursors.read(cursor)?.[0] },
      request.user,
    );
    const nextCursor = cursors.next(page, ({ version }) => [version]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toScheduleVersion), nextCursor };
  }

  /**
   * Replaces all weekly hours and what else is given: exceptions of a date, extra openings, absences, the public holidays
   * that are kept, and the rules of appointment types. What is left out stays as it is. While nothing has been set the
   * version is 0, so the first `If-Match` is `"v0"`. Appointments that are already booked stay, inside the new hours or not.
   * @summary Set when a practitioner receives, and how appointments are booked
   */
  @Put('{practitionerId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'schedule', action: 'set', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(412, 'Somebody else changed the hours since they were read')
  @Response<Problem>(428, 'If-Match is missing')
  async set(
    @Path() practitionerId: Uuid,
    @Body() body: ScheduleRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<ScheduleResponse> {
    const change = { ...body, practitionerId, version: versionFromIfMatch(ifMatch), rules: body.rules?.map(toRules) };
    return this.answer(await this.schedules.set(change, request.user));
  }

  private answer(schedule: Schedule): ScheduleResponse {
    this.setHeader('ETag', etagOf(schedule.version));
    return toScheduleResponse(schedule);
  }
}
