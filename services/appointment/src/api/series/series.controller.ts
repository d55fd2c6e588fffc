import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Appointment } from '../../domain/booking/appointment.js';
import type { FindAppointments } from '../../domain/booking/find-appointments.js';
import { audienceOf } from '../../domain/capacity.js';
import type { BookSeries } from '../../domain/series/book-series.js';
import type { ChangeSeries } from '../../domain/series/change-series.js';
import type { FindSeries } from '../../domain/series/find-series.js';
import type { CancelRequest, KeepRequest } from '../booking/appointment.dto.js';
import type { Instant, Uuid } from '../common.dto.js';
import { referenceTo } from '../reference.js';
import {
  type AppointmentsOfSeries,
  type BookedSeries,
  type SeriesRequest,
  type SeriesResponse,
  toAppointments,
  toImpossible,
  toSeriesResponse,
} from './series.dto.js';

interface MoveFollowingRequest {
  /** Where this one goes; the following go by as many days and to the same time of day. */
  start: Instant;
}

@Route('api/appointments')
@Tags('Series')
export class SeriesController extends Controller {
  constructor(
    private readonly find: FindSeries,
    private readonly booking: BookSeries,
    private readonly change: ChangeSeries,
    private readonly appointments: FindAppointments,
  ) {
    super();
  }

  /**
   * Books every occurrence in one step, or none; a refusal names each occurrence that is not possible, with the rule or the
   * neighbour in its way. Each is then an appointment of its own, which can be moved or cancelled alone and stays in the
   * series. Send an `Idempotency-Key`, and a repeat gives the first answer again.
   * @summary Book a series of appointments
   */
  @Post('series')
  @Security('bearer')
  @Extension('x-access', { resource: 'series', action: 'book', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId'])
  @SuccessResponse(201, 'Booked')
  @Response<Problem>(409, 'Not every occurrence is possible, or none is; each is named in `impossible`')
  @Response<Problem>(422, 'The rule makes no series: it is none, has no end, no dates, or too many')
  @Response<Problem>(503, 'A service that has to be asked cannot be reached; nothing was booked')
  @Example<BookedSeries>({
    id: '019a8f3e-7777-7c55-9b1c-3f1b8f5f2d11',
    rule: 'FREQ=WEEKLY;COUNT=2',
    startsAt: '2026-12-18T09:30',
    zone: 'Europe/Paris',
    exceptDates: [],
    appointments: [
      {
        id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
        version: 1,
        status: 'booked',
        patientId: '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11',
        practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
        appointmentTypeId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
        placeId: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11',
        start: '2026-12-18T09:30:00+01:00',
        end: '2026-12-18T10:00:00+01:00',
        zone: 'Europe/Paris',
        mode: 'in-person',
        seriesId: '019a8f3e-7777-7c55-9b1c-3f1b8f5f2d11',
        occurrence: '2026-12-18T09:30:00+01:00',
        createdAt: '2026-11-20T17:02:11+01:00',
      },
    ],
    impossible: [
      {
        local: '2026-12-25T09:30',
        reasons: [{ code: 'APPOINTMENT.PUBLIC_HOLIDAY', message: 'is on a public holiday: Noël' }],
      },
    ],
  })
  async book(@Body() body: SeriesRequest, @Request() request: AuthenticatedRequest): Promise<BookedSeries> {
    const { impossible, ...booked } = await this.booking.book(body, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/appointments/series/${booked.series.id}`);
    const appointments = await this.answer(booked.appointments, request);
    return {
      ...toSeriesResponse(booked, appointments),
      impossible: toImpossible(impossible, audienceOf(request.user, body), request.user),
    };
  }

  /** @summary Read a series, with all its appointments */
  @Get('series/{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'series', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(404, 'There is no such series')
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<SeriesResponse> {
    const found = await this.find.get(id, request.user);
    return toSeriesResponse(found, await this.answer(found.appointments, request));
  }

  /**
   * All its appointments, one by one as they are then.
   * @summary Keep a series from the guardians of its patient, or no longer
   */
  @Post('series/{id}/keep-from-guardians')
  @Security('bearer')
  @Extension('x-access', { resource: 'series', action: 'keep', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(404, 'There is no such series')
  @Example<SeriesResponse>({
    id: '019a8f3e-7777-7c55-9b1c-3f1b8f5f2d11',
    rule: 'FREQ=WEEKLY;COUNT=1',
    startsAt: '2026-12-18T09:30',
    zone: 'Europe/Paris',
    exceptDates: [],
    keptFromGuardians: true,
    appointments: [
      {
        id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
        version: 2,
        status: 'booked',
        patientId: '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11',
        practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
        appointmentTypeId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
        placeId: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11',
        start: '2026-12-18T09:30:00+01:00',
        end: '2026-12-18T10:00:00+01:00',
        zone: 'Europe/Paris',
        mode: 'in-person',
        seriesId: '019a8f3e-7777-7c55-9b1c-3f1b8f5f2d11',
        occurrence: '2026-12-18T09:30:00+01:00',
        keptFromGuardians: true,
        createdAt: '2026-11-20T17:02:11+01:00',
      },
    ],
  })
  async keepFromGuardians(
    @Path() id: Uuid,
    @Body() body: KeepRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<SeriesResponse> {
    const kept = await this.change.keep(id, body.keptFromGuardians, request.user);
    return toSeriesResponse(kept, await this.answer(kept.appointments, request));
  }

  /**
   * Moves this occurrence and, by as many days and to the same time of day, the following ones that still are where the series
   * has them; what was moved alone stays. All in one step, or none.
   * @summary Move an appointment and those that follow in its series
   */
  @Post('{id}/move-following')
  @Security('bearer')
  @Extension('x-access', { resource: 'series', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'Not every one can be moved, each named in `impossible`, or it is of no series')
  async moveFollowing(
    @Path() id: Uuid,
    @Body() body: MoveFollowingRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AppointmentsOfSeries> {
    const moved = await this.change.moveFollowing(referenceTo(id, ifMatch), body.start, request.user);
    return this.answer(moved, request);
  }

  /**
   * Cancels this occurrence and all that follow in its series and are still ahead, in one step.
   * @summary Cancel an appointment and those that follow in its series
   */
  @Post('{id}/cancel-following')
  @Security('bearer')
  @Extension('x-access', { resource: 'series', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'It is too late for one of them, or the appointment is of no series; none was cancelled')
  async cancelFollowing(
    @Path() id: Uuid,
    @Body() body: CancelRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AppointmentsOfSeries> {
    const cancelled = await this.change.cancelFollowing(referenceTo(id, ifMatch), body, request.user);
    return this.answer(cancelled, request);
  }

  private async answer(appointments: Appointment[], { user }: AuthenticatedRequest): Promise<AppointmentsOfSeries> {
    return toAppointments(appointments, await this.appointments.videoLinks(appointments), user);
  }
}
