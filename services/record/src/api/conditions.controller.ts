import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Put,
  Queries,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { ListQuery, Uuid } from './common.dto.js';
import type {
  ConditionAmendment,
  ConditionList,
  ConditionRequest,
  ConditionResponse,
  ConditionVersions,
} from './condition.dto.js';
import { EntriesController } from './entries.js';
import { aCondition } from './examples.js';

@Route('api/records/{patientId}/conditions')
@Tags('Conditions')
@Response<Problem>(403, 'RECORD.NO_CARE_RELATION, RECORD.NOT_YOUR_RECORD, or a role that never sees medical content')
@Response<Problem>(404, 'RECORD.NOT_FOUND or RECORD.NO_SUCH_ENTRY')
@Response<Problem>(410, 'RECORD.ERASED')
@Response<Problem>(503, 'The care relation cannot be asked for; nobody gets in on trust')
export class ConditionsController extends EntriesController<'condition'> {
  protected readonly kind = 'condition';
  protected readonly segment = 'conditions';

  /**
   * The newest first.
   * @summary List conditions
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'condition', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  list(
    @Path() patientId: Uuid,
    @Queries() query: ListQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<ConditionList> {
    return this.page(patientId, query, request);
  }

  /**
   * Send an `Idempotency-Key`, and a repeat gives the first answer again.
   * @summary Record a condition
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'condition', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Recorded')
  @Example<ConditionResponse>(aCondition)
  add(
    @Path() patientId: Uuid,
    @Body() body: ConditionRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<ConditionResponse> {
    const { keptFromGuardians, ...content } = body;
    return this.added(patientId, { content: () => content, keptFromGuardians }, request.user);
  }

  /**
   * Adds a version with its author and reason; what it said before stays readable.
   * @summary Amend a condition
   */
  @Put('{entryId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'condition', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(409, 'RECORD.ENTERED_IN_ERROR')
  amend(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Body() body: ConditionAmendment,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<ConditionResponse> {
    const { amendmentReason, keptFromGuardians, ...said } = body;
    const change = { content: () => said, reason: amendmentReason, keptFromGuardians, ifMatch };
    return this.amended({ patientId, entryId }, change, request.user);
  }

  /** @summary Read everything a condition entry ever said */
  @Get('{entryId}/versions')
  @Security('bearer')
  @Extension('x-access', { resource: 'condition', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  async versions(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Request() request: AuthenticatedRequest,
  ): Promise<ConditionVersions> {
    return { items: await this.history({ patientId, entryId }, request.user) };
  }
}
