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
import type { BreakGlass } from '../domain/break-glass.js';
import type { Uuid } from './common.dto.js';
import type { EmergencyAccessList, EmergencyAccessRequest, EmergencyAccessResponse } from './emergency.dto.js';
import type { EmergencyResponses } from './emergency-responses.js';

@Route('api/records/{patientId}')
@Tags('Access to records')
@Response<Problem>(404, 'RECORD.NOT_FOUND')
@Response<Problem>(410, 'RECORD.ERASED')
export class EmergenciesController extends Controller {
  constructor(
    private readonly breakGlass: BreakGlass,
    private readonly responses: EmergencyResponses,
  ) {
    super();
  }

  /**
   * Opens this record to a practitioner whom nothing else lets in, for two hours. Patient and reviewers see it, and every
   * answer about the record says `emergencyAccess` meanwhile: do not print or copy what it shows. Send an `Idempotency-Key`, and a repeat gives the first answer.
   * @summary Open a record in an emergency
   */
  @Post('emergency-access')
  @Security('bearer')
  @Extension('x-access', { resource: 'emergencyAccess', action: 'open', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Opened')
  @Response<Problem>(403, 'RECORD.NO_CARE_RELATION: nobody is linked to a practitioner')
  @Response<Problem>(409, 'RECORD.OPEN_TO_YOU or RECORD.EMERGENCY_OPEN')
  @Response<Problem>(429, 'RECORD.TOO_MANY_EMERGENCIES')
  async open(
    @Path() patientId: Uuid,
    @Body() body: EmergencyAccessRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<EmergencyAccessResponse> {
    const opened = await this.breakGlass.open(patientId, body, request.user);
    this.setStatus(201);
    return this.responses.of(opened);
  }

  /**
   * The newest first, with what reviewers say of them.
   * @summary List who opened the own record, or that of one's child, in an emergency
   */
  @Get('emergency-accesses')
  @Security('bearer')
  @Extension('x-access', { resource: 'emergencyAccess', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(403, 'RECORD.NOT_YOUR_RECORD')
  async list(@Path() patientId: Uuid, @Request() request: AuthenticatedRequest): Promise<EmergencyAccessList> {
    return { items: (await this.breakGlass.list(patientId, request.user)).map(this.responses.of) };
  }
}
