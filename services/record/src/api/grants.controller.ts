import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Extension,
  Get,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { AccessGrant } from '../domain/access-grants.js';
import type { GrantAccess } from '../domain/grant-access.js';
import { toInstant } from '../domain/times.js';
import type { Uuid } from './common.dto.js';
import type { AccessGrantList, AccessGrantRequest, AccessGrantResponse } from './grant.dto.js';

@Route('api/records/{patientId}/grants')
@Tags('Access to records')
@Response<Problem>(403, 'RECORD.NOT_YOUR_RECORD')
@Response<Problem>(404, 'RECORD.NOT_FOUND or RECORD.NO_SUCH_GRANT')
@Response<Problem>(410, 'RECORD.ERASED')
export class GrantsController extends Controller {
  constructor(private readonly grants: GrantAccess) {
    super();
  }

  /** @summary List whom the patient lets in, and did */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'accessGrant', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  async list(@Path() patientId: Uuid, @Request() request: AuthenticatedRequest): Promise<AccessGrantList> {
    return { items: (await this.grants.list(patientId, request.user)).map(grantResponse) };
  }

  /**
   * A patient does, a guardian of a minor to whom the record is open, or a secretary at the patient's word, which is recorded as such. It takes the place of what the practitioner was
   * granted before; one that the minor keeps from guardians stays beside those that guardians see.
   * @summary Let a practitioner into the record
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'accessGrant', action: 'give', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Granted')
  @Response<Problem>(403, 'RECORD.NOT_YOUR_RECORD, RECORD.GRANT_TO_YOURSELF or RECORD.NOT_FOR_GUARDIANS')
  @Response<Problem>(409, 'RECORD.TOO_MANY_GRANTS')
  async give(
    @Path() patientId: Uuid,
    @Body() body: AccessGrantRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<AccessGrantResponse> {
    const to = { ...body, until: toInstant(body.until, 'until') };
    const grant = await this.grants.give(patientId, to, request.user);
    this.setStatus(201);
    return grantResponse(grant);
  }

  /**
   * The practitioner is out with the next request.
   * @summary Take a grant back
   */
  @Post('{grantId}/withdraw')
  @Security('bearer')
  @Extension('x-access', { resource: 'accessGrant', action: 'withdraw', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  async withdraw(
    @Path() patientId: Uuid,
    @Path() grantId: Uuid,
    @Request() request: AuthenticatedRequest,
  ): Promise<AccessGrantResponse> {
    return grantResponse(await this.grants.withdraw(patientId, grantId, request.user));
  }
}

export const grantResponse = ({ givenAt, until, withdrawnAt, ...grant }: AccessGrant): AccessGrantResponse => ({
  ...grant,
  givenAt: givenAt.toISOString(),
  until: until.toISOString(),
  ...(withdrawnAt && { withdrawnAt: withdrawnAt.toISOString() }),
});
