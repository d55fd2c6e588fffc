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
import type { InvitePeople } from '../domain/invite-people.js';
import {
  type AcceptRequest,
  type InvitationList,
  type InvitationRequest,
  type MadeInvitationResponse,
  toInvitationResponse,
} from './invitation.dto.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

const byId = new Cursors('invitations', z.tuple([keyPart.id]));

@Route('api/auth/invitations')
@Tags('Invitations')
export class InvitationsController extends Controller {
  constructor(private readonly people: InvitePeople) {
    super();
  }

  /**
   * For somebody who has no login yet: there is none until they accept. It takes the place of an invitation of the same patient
   * or practitioner. A secretary invites patients; an admin everybody.
   * @summary Invite somebody
   */
  @Post()
  @Security('bearer', ['secretary', 'admin'])
  @Extension('x-access', { resource: 'invitation', action: 'make', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId', 'body.practitionerId'])
  @Extension('x-answer-kept', false)
  @SuccessResponse(201, 'Invited')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'An admin may')
  @Response<Problem>(422, 'The request breaks a rule, or there is no such patient or practitioner (`UNKNOWN`)')
  @Response<Problem>(429, 'AUTH.TOO_MANY_INVITATIONS: five were mailed to this address, and one in the last hour')
  @Response<Problem>(503, 'NEIGHBOUR.UNAVAILABLE: whether there is such a patient or practitioner cannot be asked now')
  @Example<MadeInvitationResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    code: '7K3F-9QXM-2BTR',
    expiresAt: '2026-12-23T08:30:00.000Z',
  })
  async invite(@Body() body: InvitationRequest, @Request() request: WithUser): Promise<MadeInvitationResponse> {
    const { channel, ...wanted } = body;
    const invited = await this.people.invite(wanted, channel, request.user);
    this.setStatus(201);
    this.setHeader('Cache-Control', 'no-store');
    return { ...invited, expiresAt: invited.expiresAt.toISOString() };
  }

  /**
   * Takes the code of an invitation, once. The new user then signs in as any other.
   * @summary Accept an invitation
   */
  @Post('accept')
  @NoSecurity()
  @SuccessResponse(204, 'Accepted')
  @Response<Problem>(401, 'AUTH.NO_SUCH_CODE')
  @Response<Problem>(409, 'AUTH.EMAIL_TAKEN or AUTH.LINK_TAKEN')
  @Response<Problem>(422, 'The request breaks a rule, or AUTH.PASSWORD_UNSUITABLE')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  @Response<Problem>(503, 'AUTH.BUSY: too many people are signing in at once')
  async accept(@Body() body: AcceptRequest, @Request() request: HttpRequest): Promise<void> {
    await this.people.accept({ ...body, address: request.ip ?? 'unknown' });
    this.setStatus(204);
  }

  /**
   * Those that may still be accepted, oldest first, 50 a page when `limit` is left out; without their codes. A secretary sees
   * those of patients.
   * @summary List invitations
   * @isInt limit
   * @minimum limit 1
   * @maximum limit 200
   * @maxLength cursor 1000
   */
  @Get()
  @Security('bearer', ['secretary', 'admin'])
  @Extension('x-access', { resource: 'invitation', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.id', 'answer.items.patientId', 'answer.items.practitionerId'])
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'An admin may')
  @Response<Problem>(422, 'The cursor or the limit is not valid')
  async list(@Request() request: WithUser, @Query() limit?: number, @Query() cursor?: string): Promise<InvitationList> {
    const cursors = byId.under({});
    const page = await this.people.list({ limit: limit ?? 50, after: cursors.read(cursor)?.[0] }, request.user);
    const nextCursor = cursors.next(page, ({ id }) => [id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toInvitationResponse), nextCursor };
  }

  /**
   * Its code is good for nothing from then on. A secretary withdraws those of patients.
   * @summary Withdraw an invitation
   */
  @Delete('{id}')
  @Security('bearer', ['secretary', 'admin'])
  @Extension('x-access', { resource: 'invitation', action: 'withdraw', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Withdrawn')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'An admin may')
  @Response<Problem>(404, 'AUTH.NO_SUCH_INVITATION: it was accepted, withdrawn or replaced, or has run out')
  async withdraw(@Path() id: Uuid, @Request() request: WithUser): Promise<void> {
    await this.people.withdraw(id, request.user);
    this.setStatus(204);
  }
}
