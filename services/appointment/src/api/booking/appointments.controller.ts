import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Queries,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { Appointment, Recorded } from '../../domain/booking/appointment.js';
import type { BookAppointment } from '../../domain/booking/book-appointment.js';
import type { ChangeAppointment } from '../../domain/booking/change-appointment.js';
import type { FindAppointments } from '../../domain/booking/find-appointments.js';
import type { AppointmentStatus } from '../../domain/booking/status.js';
import { assertInOrder, type Bound, beginningOf, endOf, parseBound } from '../../domain/time/time.js';
import type { InstantOrDate, Uuid } from '../common.dto.js';
import { referenceTo } from '../reference.js';
import {
  type AppointmentList,
  type AppointmentRequest,
  type AppointmentResponse,
  type CancelRequest,
  type CareRelation,
  type HoldRequest,
  type KeepRequest,
  type MoveRequest,
  type ReopenRequest,
  toAppointmentResponse,
} from './appointment.dto.js';

interface ListQuery {
  patientId?: Uuid;
  practitionerId?: Uuid;
  seriesId?: Uuid;
  status?: AppointmentStatus;
  /** Only appointments that end after it, or on that day or later. */
  from?: InstantOrDate;
  /** Only appointments that start before it, or on that day or earlier. */
  to?: InstantOrDate;
  /**
   * 50 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  limit?: number;
  /** @maxLength 1000 */
  cursor?: string;
}

const byStart = new Cursors('appointments', z.tuple([keyPart.time, keyPart.id]));

@Route('api/appointments')
@Tags('Appointments')
export class AppointmentsController extends Controller {
  constructor(
    private readonly find: FindAppointments,
    private readonly booking: BookAppointment,
    private readonly change: ChangeAppointment,
  ) {
    super();
  }

  /**
   * Books a slot. Of any number who try to book the same time, one succeeds; the others get 409
   * `APPOINTMENT.SLOT_TAKEN` with `nextFreeSlots`. What a patient books may be `pending` until staff confirm it. Send an `Idempotency-Key`, and a repeat gives the first answer again.
   * @summary Book an appointment
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'book', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId'])
  @SuccessResponse(201, 'Booked')
  @Response<Problem>(409, 'The slot has been taken, or the patient has another appointment then')
  @Response<Problem>(503, 'A service that has to be asked cannot be reached; nothing was booked')
  @Example<AppointmentResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    version: 1,
    status: 'booked',
    patientId: '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11',
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
    appointmentTypeId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
    placeId: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11',
    start: '2026-11-23T09:30:00+01:00',
    end: '2026-11-23T10:00:00+01:00',
    zone: 'Europe/Paris',
    mode: 'in-person',
    createdAt: '2026-11-20T17:02:11+01:00',
  })
  async book(@Body() body: AppointmentRequest, @Request() request: AuthenticatedRequest): Promise<AppointmentResponse> {
    return this.created(await this.booking.book(body, request.user), request);
  }

  /**
   * Keeps a slot for a patient while a form is filled in: it is taken for everybody else, until it is confirmed, cancelled,
   * or its minutes are over. A patient has three at most.
   * @summary Hold a slot
   */
  @Post('holds')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'book', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId'])
  @SuccessResponse(201, 'Held')
  @Response<Problem>(409, 'The slot has been taken, or the patient has another appointment then')
  @Response<Problem>(429, 'The patient holds as many slots as one may')
  async hold(@Body() body: HoldRequest, @Request() request: AuthenticatedRequest): Promise<AppointmentResponse> {
    const { minutes = 5, ...wanted } = body;
    return this.created(await this.booking.hold(wanted, minutes, request.user), request);
  }

  /**
   * Makes a booking of a hold, or of what waits for the practice. For an appointment that its practitioner booked alone, the patient or
   * a secretary says by it that it is so; the practitioner then reads the patient's record.
   * @summary Confirm a pending appointment
   */
  @Post('{id}/confirm')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'The hold has expired, or the appointment is not pending')
  async confirm(
    @Path() id: Uuid,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AppointmentResponse> {
    return this.answer(await this.change.confirm(referenceTo(id, ifMatch), request.user), request);
  }

  /**
   * In order of start. Patients see their own appointments, guardians and carers by `patientId` those of whom they act for,
   * practitioners their own agenda, secretaries all.
   * @summary List appointments
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  async list(@Queries() query: ListQuery, @Request() request: AuthenticatedRequest): Promise<AppointmentList> {
    const limit = query.limit ?? 50;
    const [from, to] = rangeOf(query);
    const filter = {
      patientId: query.patientId,
      practitionerId: query.practitionerId,
      seriesId: query.seriesId,
      statuses: query.status && [query.status],
      from: from && dateOrInstant(from),
      to: to && dateOrInstant(to),
    };
    const cursors = byStart.under(query);
    const page = await this.find.list(filter, { limit, after: cursors.read(query.cursor) }, request.user);
    const nextCursor = cursors.next(page, ({ start, id }) => [start.getTime(), id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    const links = await this.find.videoLinks(page.items);
    return {
      items: page.items.map((each, nth) => toAppointmentResponse(each, request.user, links[nth])),
      nextCursor,
    };
  }

  /**
   * Asked by services that grant access by care relation; not for people. Of who stands in for a practitioner, visits count that
   * start after `from` and before `to`; days are those of UTC.
   * @summary Tell whether a patient is in a practitioner's care
   */
  @Get('care-relation')
  @Security('bearer')
  @Extension('x-access', { resource: 'careRelation', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['query.patientId'])
  async careRelation(
    @Query() patientId: Uuid,
    @Query() practitionerId: Uuid,
    @Query() from?: InstantOrDate,
    @Query() to?: InstantOrDate,
  ): Promise<CareRelation> {
    const within = {
      since: from === undefined ? undefined : new Date(beginningOf(parseBound(from, 'from'), 'UTC')),
      until: to === undefined ? undefined : new Date(endOf(parseBound(to, 'to'), 'UTC')),
    };
    return { patientId, practitionerId, ...(await this.find.care(patientId, practitionerId, within)) };
  }

  /** @summary Read one appointment */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<AppointmentResponse> {
    return this.answer(await this.find.get({ id }, request.user), request);
  }

  /**
   * Frees the old slot and takes the new one in one step; if the new one has been taken, nothing changes. Patients can until
   * the type's notice before the appointment.
   * @summary Move an appointment
   */
  @Post('{id}/move')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'The new slot has been taken, or the appointment can no longer be moved')
  async move(
    @Path() id: Uuid,
    @Body() body: MoveRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AppointmentResponse> {
    return this.answer(await this.change.move(referenceTo(id, ifMatch), body, request.user), request);
  }

  /**
   * The slot is free again at once; the appointment stays visible with its reason. Patients can until the type's notice
   * before it; staff can later, which is recorded.
   * @summary Cancel an appointment
   */
  @Post('{id}/cancel')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'The appointment can no longer be cancelled')
  async cancel(
    @Path() id: Uuid,
    @Body() body: CancelRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AppointmentResponse> {
    return this.answer(await this.change.cancel(referenceTo(id, ifMatch), body, request.user), request);
  }

  /**
   * What a minor keeps from their guardians does not exist for them: no list, no count and no refusal tells of it, and its time
   * looks as if somebody else had it.
   * @summary Keep an appointment from the guardians of its patient, or no longer
   */
  @Post('{id}/keep-from-guardians')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'keep', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<AppointmentResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    version: 2,
    status: 'booked',
    patientId: '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11',
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
    appointmentTypeId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
    placeId: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11',
    start: '2026-11-23T09:30:00+01:00',
    end: '2026-11-23T10:00:00+01:00',
    zone: 'Europe/Paris',
    mode: 'in-person',
    keptFromGuardians: true,
    createdAt: '2026-11-20T17:02:11+01:00',
  })
  async keepFromGuardians(
    @Path() id: Uuid,
    @Body() body: KeepRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AppointmentResponse> {
    const which = referenceTo(id, ifMatch);
    return this.answer(await this.change.keep(which, body.keptFromGuardians, request.user), request);
  }

  /**
   * From six hours before its start on.
   * @summary Record that the patient has arrived
   */
  @Post('{id}/arrive')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'record', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'The appointment is not one that a patient can arrive for, or not yet')
  arrive(@Path() id: Uuid, @Request() request: AuthenticatedRequest, @Header('If-Match') ifMatch?: string) {
    return this.record('arrived', id, request, ifMatch);
  }

  /**
   * From an hour before its start on. Opens an encounter in the patient's record.
   * @summary Record that the appointment has taken place
   */
  @Post('{id}/complete')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'record', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'The appointment cannot be completed from its status, or not yet')
  complete(@Path() id: Uuid, @Request() request: AuthenticatedRequest, @Header('If-Match') ifMatch?: string) {
    return this.record('completed', id, request, ifMatch);
  }

  /**
   * From its start on.
   * @summary Record that the patient did not come
   */
  @Post('{id}/miss')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'record', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'The appointment cannot be missed from its status, or not yet')
  miss(@Path() id: Uuid, @Request() request: AuthenticatedRequest, @Header('If-Match') ifMatch?: string) {
    return this.record('missed', id, request, ifMatch);
  }

  /**
   * For what was recorded by mistake: the appointment is booked again, and who took what back, when and why stays with it.
   * The encounter that a completion opened is marked as entered in error.
   * @summary Take back that a patient arrived, was seen, or did not come
   */
  @Post('{id}/reopen')
  @Security('bearer')
  @Extension('x-access', { resource: 'appointment', action: 'record', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(409, 'Nothing of it was recorded, or somebody else has the time of a missed one')
  async reopen(
    @Path() id: Uuid,
    @Body() body: ReopenRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AppointmentResponse> {
    return this.answer(await this.change.reopen(referenceTo(id, ifMatch), body.reason, request.user), request);
  }

  private async record(
    happening: Recorded,
    id: string,
    request: AuthenticatedRequest,
    ifMatch?: string,
  ): Promise<AppointmentResponse> {
    return this.answer(await this.change.record(referenceTo(id, ifMatch), happening, request.user), request);
  }

  private created(appointment: Appointment, request: AuthenticatedRequest): Promise<AppointmentResponse> {
    this.setStatus(201);
    this.setHeader('Location', `/api/appointments/${appointment.id}`);
    return this.answer(appointment, request);
  }

  private async answer(appointment: Appointment, { user }: AuthenticatedRequest): Promise<AppointmentResponse> {
    this.setHeader('ETag', etagOf(appointment.version));
    const [videoLink] = await this.find.videoLinks([appointment]);
    return toAppointmentResponse(appointment, user, videoLink);
  }
}

function rangeOf({ from, to }: ListQuery): [from?: Bound, to?: Bound] {
  const bounds = [from && parseBound(from, 'from'), to && parseBound(to, 'to')] as [Bound?, Bound?];
  if (bounds[0] && bounds[1]) assertInOrder(bounds[0], bounds[1]);
  return bounds;
}

const dateOrInstant = ({ date, instant }: Bound): Date | string => date ?? new Date(instant);
