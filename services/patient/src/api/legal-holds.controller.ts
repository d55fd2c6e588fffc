import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import { readWrittenTime } from '@cabinet/service/written-time';
import {
  Body,
  Controller,
  Example,
  Extension,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { HoldPatient } from '../domain/hold-patient.js';
import { aHold } from './examples.js';
import { type LegalHoldRequest, type LegalHoldResponse, toLegalHoldResponse } from './legal-hold.dto.js';
import type { Uuid } from './patient.dto.js';

@Route('api/patients/{id}')
@Tags('Data rights')
@Response<Problem>(409, 'The patient was merged into another; hold that one')
@Response<Problem>(410, 'The data of this patient has been erased')
export class LegalHoldsController extends Controller {
  constructor(private readonly holds: HoldPatient) {
    super();
  }

  /**
   * Until then nobody can erase the patient, nor whom they are merged into. It takes the place of the one before, and hides and changes
   * nothing else. `GET /api/patients/{id}/erasure` shows it.
   * @summary Keep a patient from being erased
   */
  @Post('hold')
  @Security('bearer')
  @Extension('x-access', { resource: 'legalHold', action: 'set', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(200, 'Held')
  @Example<LegalHoldResponse>(aHold)
  async hold(
    @Path() id: Uuid,
    @Body() body: LegalHoldRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<LegalHoldResponse> {
    const until = new Date(readWrittenTime(body.until, 'until').ms);
    return toLegalHoldResponse(await this.holds.set(id, { reason: body.reason, until }, request.user));
  }

  /**
   * That of those who were merged into the patient, too.
   * @summary Let a patient be erased again
   */
  @Post('release')
  @Security('bearer')
  @Extension('x-access', { resource: 'legalHold', action: 'end', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Released')
  async release(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<void> {
    await this.holds.end(id, request.user);
  }
}
