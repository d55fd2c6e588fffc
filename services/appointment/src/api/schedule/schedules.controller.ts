import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Extension,
  Get,
  Header,
  Path,
  Put,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { KeepSchedule } from '../../domain/schedule/keep-schedule.js';
import type { Schedule } from '../../domain/schedule/schedule.js';
import type { Uuid } from '../common.dto.js';
import { type ScheduleRequest, type ScheduleResponse, toRules, toScheduleResponse } from './schedule.dto.js';

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
