import type { Principal } from '@cabinet/kit/access/principal';
import { invalidField } from '@cabinet/kit/errors';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
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
import type { KeepIdentities, Whose } from '../domain/keep-identities.js';
import { type ConfirmRequest, type IdentityList, type IdentityResponse, toIdentityResponse } from './identity.dto.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

const byId = new Cursors('identities', z.tuple([keyPart.id]));

@Route('api/auth/identities')
@Tags('Trusted issuers')
@Security('bearer', ['secretary', 'admin'])
@Response<Problem>(401, 'There is no valid access token')
@Response<Problem>(403, 'Only the desk or an admin may do this')
export class IdentitiesController extends Controller {
  constructor(private readonly identities: KeepIdentities) {
    super();
  }

  /**
   * Who has come by an issuer, the newest first: who waits to be confirmed for a month, and who is. The desk sees those of
   * issuers for patients, an admin all. 50 a page when `limit` is left out.
   * @summary List identities at issuers
   * @isInt limit
   * @minimum limit 1
   * @maximum limit 200
   * @maxLength cursor 1000
   */
  @Get()
  @Extension('x-access', { resource: 'identityLink', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(422, 'The cursor or the limit is not valid')
  async list(@Request() request: WithUser, @Query() limit?: number, @Query() cursor?: string): Promise<IdentityList> {
    const cursors = byId.under({});
    const page = await this.identities.list({ limit: limit ?? 50, before: cursors.read(cursor)?.[0] }, request.user);
    const nextCursor = cursors.next(page, ({ id }) => [id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    this.setHeader('Cache-Control', 'no-store');
    return { items: page.items.map(toIdentityResponse), nextCursor };
  }

  /**
   * Says whose identity it is: of a user, or of the user who is this patient or practitioner. From then on they sign in by it.
   * Compare what the issuer tells with what the practice knows, and do not go by the name alone.
   * @summary Confirm whose identity it is
   */
  @Post('{id}/confirmation')
  @Extension('x-access', { resource: 'identityLink', action: 'confirm', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @Response<Problem>(404, 'AUTH.NO_SUCH_IDENTITY')
  @Response<Problem>(409, 'AUTH.IDENTITY_CONFIRMED or AUTH.NO_USER_TO_LINK')
  @Response<Problem>(422, 'The request breaks a rule')
  @Example<IdentityResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    issuerId: 'psc',
    userId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d12',
    confirmedAt: '2026-11-23T09:30:00.000Z',
    createdAt: '2026-11-23T08:30:00.000Z',
    lastShownAt: '2026-11-23T08:30:00.000Z',
  })
  async confirm(
    @Path() id: Uuid,
    @Body() body: ConfirmRequest,
    @Request() request: WithUser,
  ): Promise<IdentityResponse> {
    const named = Object.entries(body).filter(([, value]) => value !== undefined);
    if (named.length !== 1) throw invalidField('userId', 'ONE_OF', 'name a user, a patient or a practitioner');
    return toIdentityResponse(await this.identities.confirm(id, body as Whose, request.user));
  }

  /**
   * Of who waits, or is confirmed: they sign in by it no longer, and the sessions that they have opened by it end.
   * @summary Remove an identity
   */
  @Delete('{id}')
  @Extension('x-access', { resource: 'identityLink', action: 'remove', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Removed')
  @Response<Problem>(404, 'AUTH.NO_SUCH_IDENTITY')
  async remove(@Path() id: Uuid, @Request() request: WithUser): Promise<void> {
    await this.identities.remove(id, request.user);
    this.setStatus(204);
  }
}
