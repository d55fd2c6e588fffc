import type { Principal } from '@cabinet/kit/access/principal';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  NoSecurity,
  Path,
  Post,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import { z } from 'zod';
import type { DecideRegistrations } from '../domain/decide-registrations.js';
import type { RegisterOneself } from '../domain/register-oneself.js';
import {
  type ConfirmedRegistration,
  type RegistrationConfirmation,
  type RegistrationList,
  type RegistrationRequest,
  type ShowRequest,
  toRegistrationResponse,
} from './registration.dto.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

const byId = new Cursors('registrations', z.tuple([keyPart.id]));

@Route('api/auth/registrations')
@Tags('Registration')
export class RegistrationsController extends Controller {
  constructor(
    private readonly oneself: RegisterOneself,
    private readonly decide: DecideRegistrations,
  ) {
    super();
  }

  /**
   * A code is sent to the address, good for an hour; who reads it chooses the password (`POST /api/auth/registrations/shown`), so none is
   * sent here. Who asks again too soon gets no second mail (two minutes, and longer each time): the code they have is good still. Neither
   * the answer nor the time it takes tells whether somebody signs in with the address already, or whether the practice knows such a patient.
   * @summary Register myself as a patient
   */
  @Post()
  @NoSecurity()
  @SuccessResponse(202, 'Taken note of; look into the mail')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many from this network address; see Retry-After')
  @Response<Problem>(503, 'AUTH.TOO_MANY_REGISTRATIONS')
  async begin(@Body() body: RegistrationRequest, @Request() request: HttpRequest): Promise<void> {
    await this.oneself.begin({ ...body, address: request.ip ?? 'unknown' });
    this.setStatus(202);
  }

  /**
   * Takes the code that was mailed, once, with the password to sign in with from then on; one that is refused leaves the code good. Now
   * the practice sees the registration, in the place of an earlier one with the address; who signs in meanwhile hears that it waits
   * (`AUTH.REGISTRATION_WAITS`), and can do nothing else. The password is chosen here and not before, since only who reads the mail is
   * to have one.
   * @summary Show that the mail has reached me
   */
  @Post('shown')
  @NoSecurity()
  @SuccessResponse(204, 'It waits for the practice')
  @Response<Problem>(401, 'AUTH.NO_SUCH_CODE')
  @Response<Problem>(422, 'The request breaks a rule, or AUTH.PASSWORD_UNSUITABLE')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  @Response<Problem>(503, 'AUTH.BUSY: too many people are signing in at once')
  async show(@Body() body: ShowRequest, @Request() request: HttpRequest): Promise<void> {
    await this.oneself.show({ ...body, address: request.ip ?? 'unknown' });
    this.setStatus(204);
  }

  /**
   * Those that wait for the practice, the oldest first, 50 a page when `limit` is left out. Who that may be says
   * `POST /api/patients/matches`.
   * @summary List registrations to decide
   * @isInt limit
   * @minimum limit 1
   * @maximum limit 200
   * @maxLength cursor 1000
   */
  @Get()
  @Security('bearer', ['secretary', 'admin'])
  @Extension('x-access', { resource: 'registration', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.id'])
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'Only the desk or an admin may do this')
  @Response<Problem>(422, 'The cursor or the limit is not valid')
  async list(
    @Request() request: WithUser,
    @Query() limit?: number,
    @Query() cursor?: string,
  ): Promise<RegistrationList> {
    const cursors = byId.under({});
    const page = await this.decide.list({ limit: limit ?? 50, after: cursors.read(cursor)?.[0] });
    const nextCursor = cursors.next(page, ({ id }) => [id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    this.setHeader('Cache-Control', 'no-store');
    return { items: page.items.map(toRegistrationResponse), nextCursor };
  }

  /**
   * Says which patient it is, and makes their login: they sign in with the address and password that they chose. A patient who has a
   * login already gets no second one: `userId` names it, and a code helps its owner in again (`POST /api/auth/users/{id}/codes`). Do not
   * go by name and birth date alone: ask them something that only the patient knows.
   * @summary Confirm who registered
   */
  @Post('{id}/confirmation')
  @Security('bearer', ['secretary', 'admin'])
  @Extension('x-access', { resource: 'registration', action: 'confirm', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id', 'body.patientId', 'answer.userId'])
  @SuccessResponse(201, 'They are a user')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'Only the desk or an admin may do this')
  @Response<Problem>(404, 'AUTH.NO_SUCH_REGISTRATION: it was decided, or has run out')
  @Response<Problem>(409, 'AUTH.PATIENT_HAS_LOGIN or AUTH.EMAIL_TAKEN')
  @Response<Problem>(422, 'The request breaks a rule, or the patient is not known (`UNKNOWN`) or was erased (`ERASED`)')
  @Response<Problem>(503, 'NEIGHBOUR.UNAVAILABLE: whether there is such a patient cannot be asked now')
  @Example<ConfirmedRegistration>({
    userId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    patientId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d12',
  })
  async confirm(
    @Path() id: Uuid,
    @Body() body: RegistrationConfirmation,
    @Request() request: WithUser,
  ): Promise<ConfirmedRegistration> {
    const user = await this.decide.confirm(id, body.patientId, request.user);
    this.setStatus(201);
    return { userId: user.id, patientId: user.patientId ?? body.patientId };
  }

  /**
   * Nothing of it stays; who it was may register again.
   * @summary Refuse a registration
   */
  @Delete('{id}')
  @Security('bearer', ['secretary', 'admin'])
  @Extension('x-access', { resource: 'registration', action: 'refuse', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Refused')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'Only the desk or an admin may do this')
  @Response<Problem>(404, 'AUTH.NO_SUCH_REGISTRATION: it was decided, or has run out')
  async refuse(@Path() id: Uuid): Promise<void> {
    await this.decide.refuse(id);
    this.setStatus(204);
  }
}
