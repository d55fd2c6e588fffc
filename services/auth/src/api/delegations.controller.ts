import type { Principal } from '@cabinet/kit/access/principal';
import { invalidField } from '@cabinet/kit/errors';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink, type Page } from '@cabinet/service/http/pages';
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
import type { Request as HttpRequest } from 'express';
import { z } from 'zod';
import type { KeepDelegations } from '../domain/keep-delegations.js';
import {
  type DelegateList,
  type DelegationList,
  type DelegationRequest,
  type DelegationResponse,
  type DelegationRuleRequest,
  type DelegationRuleResponse,
  type DelegationRuleVersions,
  toDelegateResponse,
  toDelegationResponse,
  toRuleVersion,
} from './delegation.dto.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

const byId = new Cursors('delegations', z.tuple([keyPart.id]));
const colleaguesById = new Cursors('delegates', z.tuple([keyPart.id]));

@Route('api/auth')
@Tags('Delegations')
@Security('bearer')
@Response<Problem>(401, 'There is no valid access token')
export class DelegationsController extends Controller {
  constructor(private readonly delegations: KeepDelegations) {
    super();
  }

  /**
   * A practitioner lets a colleague work for them: a secretary, or another practitioner as locum. Takes effect within ten seconds:
   * the colleague goes on with a new access token. What they do is recorded as done for the practitioner. Send an
   * `Idempotency-Key`, and a repeat gives the first answer again.
   * @summary Delegate to a colleague
   */
  @Post('delegations')
  @Extension('x-access', { resource: 'delegation', action: 'give', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.delegateId'])
  @SuccessResponse(201, 'Delegated')
  @Response<Problem>(403, 'Only a practitioner may, and no client in their name')
  @Response<Problem>(409, 'AUTH.NO_PRACTITIONER, AUTH.ALREADY_DELEGATED or AUTH.TOO_MANY_DELEGATIONS')
  @Response<Problem>(422, 'The request breaks a rule')
  @Example<DelegationResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    practitionerId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d12',
    delegateId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d13',
    delegateEmail: 'secretary@cabinet.test',
    as: 'secretary',
    scopes: ['agenda'],
    from: '2026-11-23T08:30:00.000Z',
    givenAt: '2026-11-23T08:30:00.000Z',
    givenBy: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d14',
  })
  async give(@Body() body: DelegationRequest, @Request() request: WithUser): Promise<DelegationResponse> {
    const given = await this.delegations.give(
      { ...body, from: timeIn('from', body.from), until: timeIn('until', body.until) },
      request.user,
    );
    this.setStatus(201);
    return toDelegationResponse(given);
  }

  /**
   * Those in force that you gave or have; as an admin all. Oldest first, 50 a page when `limit` is left out.
   * @summary List delegations
   * @isInt limit
   * @minimum limit 1
   * @maximum limit 200
   * @maxLength cursor 1000
   */
  @Get('delegations')
  @Extension('x-access', { resource: 'delegation', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.delegateId', 'answer.items.givenBy'])
  @Response<Problem>(422, 'The cursor or the limit is not valid')
  async list(@Request() request: WithUser, @Query() limit?: number, @Query() cursor?: string): Promise<DelegationList> {
    const cursors = byId.under({});
    const asked = { limit: limit ?? 50, after: cursors.read(cursor)?.[0] };
    const page = await this.delegations.list(asked, request.user);
    return this.paged(
      page,
      toDelegationResponse,
      cursors.next(page, ({ id }) => [id]),
      request,
    );
  }

  /**
   * Who gave it takes it back, who has it gives it up, an admin ends it: at once here, and elsewhere within ten seconds.
   * @summary End a delegation
   */
  @Delete('delegations/{id}')
  @Extension('x-access', { resource: 'delegation', action: 'end', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Ended')
  @Response<Problem>(404, 'AUTH.NO_SUCH_DELEGATION: it has ended, or is of others')
  async end(@Path() id: Uuid, @Request() request: WithUser): Promise<void> {
    await this.delegations.end(id, request.user);
    this.setStatus(204);
  }

  /**
   * Secretaries and practitioners other than you. Oldest first, 50 a page when `limit` is left out.
   * @summary List colleagues to whom you can delegate
   * @isInt limit
   * @minimum limit 1
   * @maximum limit 200
   * @maxLength cursor 1000
   */
  @Get('delegates')
  @Extension('x-access', { resource: 'delegate', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.id'])
  @Response<Problem>(422, 'The cursor or the limit is not valid')
  async colleagues(
    @Request() request: WithUser,
    @Query() limit?: number,
    @Query() cursor?: string,
  ): Promise<DelegateList> {
    const cursors = colleaguesById.under({});
    const asked = { limit: limit ?? 50, after: cursors.read(cursor)?.[0] };
    const page = await this.delegations.colleagues(asked, request.user);
    return this.paged(
      page,
      toDelegateResponse,
      cursors.next(page, ({ id }) => [id]),
      request,
    );
  }

  /** @summary Read for whom secretaries work */
  @Get('delegation-rule')
  @Extension('x-access', { resource: 'delegationRule', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async rule(): Promise<DelegationRuleResponse> {
    return this.answer(await this.delegations.rule());
  }

  /** @summary Read for whom secretaries worked, since when, and who set it */
  @Get('delegation-rule/versions')
  @Extension('x-access', { resource: 'delegationRuleVersion', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(403, 'Only an admin may')
  async ruleVersions(): Promise<DelegationRuleVersions> {
    return { items: (await this.delegations.ruleVersions()).map(toRuleVersion) };
  }

  /**
   * `all`, as in a new practice, or `named`: for those alone who delegated to them. Takes effect within ten seconds, for every
   * secretary.
   * @summary Say for whom secretaries work
   */
  @Put('delegation-rule')
  @Extension('x-access', { resource: 'delegationRule', action: 'set', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(403, 'Only an admin may')
  @Response<Problem>(412, 'Somebody changed it in the meantime')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(428, 'If-Match is missing')
  async setRule(
    @Body() body: DelegationRuleRequest,
    @Request() request: WithUser,
    @Header('If-Match') ifMatch?: string,
  ): Promise<DelegationRuleResponse> {
    const expected = versionFromIfMatch(ifMatch);
    return this.answer(await this.delegations.setRule(expected, body.secretariesWorkFor, request.user));
  }

  private answer(rule: DelegationRuleResponse): DelegationRuleResponse {
    this.setHeader('ETag', etagOf(rule.version));
    return rule;
  }

  private paged<T, R>(
    { items }: Page<T>,
    toResponse: (item: T) => R,
    nextCursor: string | undefined,
    request: WithUser,
  ) {
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: items.map(toResponse), nextCursor };
  }
}

/** @throws InvalidInput (422) for what is no time with offset */
function timeIn(field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const read = z.iso.datetime({ offset: true }).safeParse(text);
  if (!read.success)
    throw invalidField(field, 'NO_INSTANT', 'must be a time with offset, such as 2026-11-23T09:00:00Z');
  return new Date(read.data);
}
