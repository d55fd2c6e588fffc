import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
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
import type { MakeAbsent } from '../../domain/absences/make-absent.js';
import type { Uuid } from '../common.dto.js';
import {
  type AbsencePlanRequest,
  type AbsencePreviewResponse,
  type AbsenceRequest,
  type AbsenceResponse,
  toAbsencePreview,
  toAbsenceResponse,
} from './absence.dto.js';

@Route('api/schedules')
@Tags('Schedules')
export class AbsencesController extends Controller {
  constructor(private readonly absences: MakeAbsent) {
    super();
  }

  /**
   * Changes nothing. Which appointments ahead the absence touches, and what would become of each: moved to the first free slot
   * behind it, which no other of them takes and at which the patient is free, or cancelled.
   * @summary Preview what an absence does to appointments
   */
  @Post('{practitionerId}/absences/preview')
  @Security('bearer')
  @Extension('x-access', { resource: 'absence', action: 'preview', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @Response<Problem>(422, 'The dates do not exist, or more than 200 appointments are touched')
  async preview(
    @Path() practitionerId: Uuid,
    @Body() body: AbsencePlanRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<AbsencePreviewResponse> {
    const preview = await this.absences.preview(practitionerId, { withinDays: 28, ...body }, request.user);
    return toAbsencePreview(preview, request.user);
  }

  /**
   * Stores the absence and does to each appointment what the preview says, in one step. When anything has changed since (an
   * appointment, the schedule, a slot that was to be taken), nothing is done, and `changed` says what. Every patient is told by
   * `appointment.moved` or `appointment.cancelled`.
   * @summary Make a practitioner absent, and move or cancel their appointments
   */
  @Post('{practitionerId}/absences')
  @Security('bearer')
  @Extension('x-access', { resource: 'absence', action: 'make', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(201, 'Done as previewed')
  @Response<Problem>(409, 'Something has changed since the preview, or at the same moment; nothing was done')
  async make(
    @Path() practitionerId: Uuid,
    @Body() body: AbsenceRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<AbsenceResponse> {
    const { token, reason, ...plan } = body;
    const done = await this.absences.apply(
      practitionerId,
      { withinDays: 28, ...plan },
      { token, reason },
      request.user,
    );
    this.setStatus(201);
    return toAbsenceResponse(done, request.user);
  }
}
