import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Delete,
  Example,
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
import type { LabelPatient } from '../domain/label-patient.js';
import type { LabelCode } from '../domain/security-label.js';
import { aLabel } from './examples.js';
import type { Uuid } from './patient.dto.js';
import {
  type SecurityLabelList,
  type SecurityLabelRequest,
  type SecurityLabelResponse,
  toSecurityLabelResponse,
} from './security-label.dto.js';

@Route('api/patients/{id}/security-labels')
@Tags('Review of accesses')
@Response<Problem>(410, 'The data of this patient has been erased')
export class SecurityLabelsController extends Controller {
  constructor(private readonly labels: LabelPatient) {
    super();
  }

  /**
   * Those of whoever was merged into the patient are theirs.
   * @summary List the marks of a patient
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'securityLabel', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.id'])
  @Example<SecurityLabelList>({ items: [aLabel] })
  async list(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<SecurityLabelList> {
    return { items: (await this.labels.list(id, request.user)).map(toSecurityLabelResponse) };
  }

  /**
   * It hides nothing and keeps nobody out: every look at the patient is reviewed. One that is there stays as it is.
   * @summary Mark a patient
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'securityLabel', action: 'set', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(200, 'Marked')
  @Response<Problem>(409, 'The patient was merged into another; mark that one')
  @Example<SecurityLabelResponse>(aLabel)
  async set(
    @Path() id: Uuid,
    @Body() body: SecurityLabelRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<SecurityLabelResponse> {
    return toSecurityLabelResponse(await this.labels.set(id, body.code, request.user));
  }

  /**
   * That of those who were merged into the patient, too.
   * @summary Take a mark away
   */
  @Delete('{code}')
  @Security('bearer')
  @Extension('x-access', { resource: 'securityLabel', action: 'remove', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Taken away')
  @Response<Problem>(409, 'The patient was merged into another')
  async remove(@Path() id: Uuid, @Path() code: LabelCode, @Request() request: AuthenticatedRequest): Promise<void> {
    await this.labels.remove(id, code, request.user);
  }
}
