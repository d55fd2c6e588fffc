import type { Principal } from '@cabinet/kit/access/principal';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Header,
  Patch,
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
import type { AdministerUsers } from '../domain/administer-users.js';
import type { FindUsers } from '../domain/find-users.js';
import type { KeepSessions } from '../domain/keep-sessions.js';
import type { User } from '../domain/user.js';
import {
  type ChangeUserRequest,
  type CreateUserRequest,
  type SignInsResponse,
  toSignInsResponse,
  toUserResponse,
  type UserList,
  type UserResponse,
  type UserSearchRequest,
  type UsersFound,
  type Uuid,
} from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

/** More say nothing that more letters would not say sooner. */
const foundMax = 200;

const byId = new Cursors('users', z.tuple([keyPart.id]));

@Route('api/auth/users')
@Tags('Users')
@Security('bearer')
@Response<Problem>(401, 'There is no valid access token')
@Response<Problem>(403, 'Only an admin may do this')
export class UsersController extends Controller {
  constructor(
    private readonly find: FindUsers,
    private readonly users: AdministerUsers,
    private readonly sessions: KeepSessions,
  ) {
    super();
  }

  /**
   * Send an `Idempotency-Key`, and a repeat gives the first answer again.
   * @summary Create a user
   */
  @Post()
  @Extension('x-access', { resource: 'user', action: 'create', channel: 'rest' })
  @Extension('x-audit-subjects', ['answer.id', 'answer.patientId'])
  @SuccessResponse(201, 'Created')
  @Response<Problem>(409, 'AUTH.EMAIL_TAKEN or AUTH.LINK_TAKEN')
  @Response<Problem>(422, 'The request breaks a rule, a link leads to nobody (`UNKNOWN`), or AUTH.PASSWORD_UNSUITABLE')
  @Response<Problem>(503, 'NEIGHBOUR.UNAVAILABLE: whether there is such a patient or practitioner cannot be asked now')
  @Example<UserResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    version: 1,
    email: 'secretary@cabinet.test',
    roles: ['secretary'],
    active: true,
    createdAt: '2026-11-23T08:30:00.000Z',
    updatedAt: '2026-11-23T08:30:00.000Z',
  })
  async create(@Body() body: CreateUserRequest, @Request() request: WithUser): Promise<UserResponse> {
    const user = await this.users.create(body, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/auth/users/${user.id}`);
    return this.answer(user);
  }

  /**
   * Oldest first, 50 a page when `limit` is left out.
   * @summary List users
   * @isInt limit
   * @minimum limit 1
   * @maximum limit 200
   * @maxLength cursor 1000
   */
  @Get()
  @Extension('x-access', { resource: 'user', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.id', 'answer.items.patientId'])
  @Response<Problem>(422, 'The cursor or the limit is not valid')
  async list(@Request() request: HttpRequest, @Query() limit?: number, @Query() cursor?: string): Promise<UserList> {
    const cursors = byId.under({});
    const page = await this.find.list(limit ?? 50, cursors.read(cursor)?.[0]);
    const nextCursor = cursors.next(page, ({ id }) => [id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toUserResponse), nextCursor };
  }

  /**
   * Addresses must not stand in an address of a page, so the question is in the body. It changes nothing.
   * @summary Search users by part of their address, or by the ids of whom they are
   */
  @Post('search')
  @Extension('x-access', { resource: 'user', action: 'read', channel: 'search' })
  @Extension('x-audit-subjects', ['answer.items.id', 'answer.items.patientId'])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Found, or none')
  @Response<Problem>(422, 'Nobody is asked for')
  async search(@Body() body: UserSearchRequest): Promise<UsersFound> {
    return { items: (await this.find.search(body, foundMax)).map(toUserResponse) };
  }

  /** @summary Read one user */
  @Get('{id}')
  @Extension('x-access', { resource: 'user', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id', 'answer.patientId'])
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  async get(@Path() id: Uuid): Promise<UserResponse> {
    return this.answer(await this.find.get(id));
  }

  /**
   * When they last signed in, where they are signed in now, and what they can show beside the password; never what it is.
   * @summary Read how a user signs in
   */
  @Get('{id}/sign-ins')
  @Extension('x-access', { resource: 'user', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  @Example<SignInsResponse>({ lastSignInAt: '2026-11-23T08:30:00.000Z', openSessions: 2, passkeys: 1, totp: true })
  async signIns(@Path() id: Uuid): Promise<SignInsResponse> {
    return toSignInsResponse(await this.find.signInsOf(id));
  }

  /**
   * Changes roles, links to the patient or practitioner the user is, and whether they may sign in. Takes effect here at
   * once, and elsewhere within ten seconds: access tokens given before are then refused.
   * @summary Change a user
   */
  @Patch('{id}')
  @Extension('x-access', { resource: 'user', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id', 'answer.patientId'])
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  @Response<Problem>(409, 'AUTH.LAST_ADMIN or AUTH.LINK_TAKEN')
  @Response<Problem>(412, 'Somebody changed the user in the meantime')
  @Response<Problem>(422, 'The request breaks a rule, or a link leads to nobody (`UNKNOWN`)')
  @Response<Problem>(428, 'If-Match is missing')
  @Response<Problem>(503, 'NEIGHBOUR.UNAVAILABLE: whether there is such a patient or practitioner cannot be asked now')
  async change(
    @Path() id: Uuid,
    @Body() body: ChangeUserRequest,
    @Request() request: WithUser,
    @Header('If-Match') ifMatch?: string,
  ): Promise<UserResponse> {
    return this.answer(await this.users.change(id, versionFromIfMatch(ifMatch), body, request.user));
  }

  /**
   * For a device that was lost, or an account that somebody else may have got into.
   * @summary Sign a user out everywhere
   */
  @Delete('{id}/sessions')
  @Extension('x-access', { resource: 'user', action: 'endSessions', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Ended')
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  async endSessions(@Path() id: Uuid): Promise<void> {
    await this.sessions.endAllOf(id);
    this.setStatus(204);
  }

  private answer(user: User): UserResponse {
    this.setHeader('ETag', etagOf(user.version));
    return toUserResponse(user);
  }
}
