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
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type {
  AllergyAmendment,
  AllergyList,
  AllergyRequest,
  AllergyResponse,
  AllergyVersions,
  WithdrawalRequest,
} from './allergy.dto.js';
import type { Uuid } from './common.dto.js';
import { EntriesController } from './entries.js';
import { anAllergy, anAllergyList } from './examples.js';
import { allergyList } from './responses.js';

@Route('api/records/{patientId}/allergies')
@Tags('Allergies')
@Response<Problem>(403, 'RECORD.NO_CARE_RELATION, RECORD.NOT_YOUR_RECORD, or a role that never sees medical content')
@Response<Problem>(404, 'RECORD.NOT_FOUND or RECORD.NO_SUCH_ENTRY')
@Response<Problem>(410, 'RECORD.ERASED')
@Response<Problem>(503, 'The care relation cannot be asked for; nobody gets in on trust')
export class AllergiesController extends EntriesController<'allergy'> {
  protected readonly kind = 'allergy';
  protected readonly segment = 'allergies';

  /**
   * `state` tells "nobody asked" from "none known"; an outage is an error, never an empty list. To guardians of a minor it is never
   * "none known": there may be some that the minor keeps from them.
   * @summary List allergies
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'allergy', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Example<AllergyList>(anAllergyList)
  async list(
    @Path() patientId: Uuid,
    @Request() request: AuthenticatedRequest,
    @Query() enteredInError?: boolean,
  ): Promise<AllergyList> {
    return allergyList(await this.find.toRead(patientId, request.user), enteredInError);
  }

  /**
   * Withdraws a statement that no allergy is known. Send an `Idempotency-Key`, and a repeat gives the first answer.
   * @summary Record an allergy
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'allergy', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Recorded')
  @Example<AllergyResponse>(anAllergy)
  add(
    @Path() patientId: Uuid,
    @Body() body: AllergyRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<AllergyResponse> {
    const { keptFromGuardians, ...content } = body;
    return this.added(patientId, { content: () => content, keptFromGuardians }, request.user);
  }

  /**
   * Repeating it confirms it. Who is a guardian of the patient states it in no role: one that is kept from them may be known.
   * @summary State that somebody asked and no allergy is known
   */
  @Post('no-known')
  @Security('bearer')
  @Extension('x-access', { resource: 'allergy', action: 'write', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Stated')
  @Response<Problem>(403, 'RECORD.NOT_FOR_GUARDIANS')
  @Response<Problem>(409, 'RECORD.ALLERGIES_LISTED')
  async stateNoneKnown(@Path() patientId: Uuid, @Request() request: AuthenticatedRequest): Promise<AllergyList> {
    const record = await this.write.stateNoKnownAllergies(patientId, request.user);
    this.setStatus(201);
    return allergyList(record);
  }

  /** @summary Withdraw the statement that no allergy is known */
  @Post('no-known/withdraw')
  @Security('bearer')
  @Extension('x-access', { resource: 'allergy', action: 'write', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(403, 'RECORD.NOT_FOR_GUARDIANS')
  @Response<Problem>(409, 'RECORD.NOT_STATED')
  async withdrawNoneKnown(
    @Path() patientId: Uuid,
    @Body() body: WithdrawalRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<AllergyList> {
    return allergyList(await this.write.withdrawNoKnownAllergies(patientId, body.amendmentReason, request.user));
  }

  /**
   * Adds a version with its author and reason; what it said before stays readable.
   * @summary Amend an allergy
   */
  @Put('{entryId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'allergy', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(409, 'RECORD.ENTERED_IN_ERROR')
  amend(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Body() body: AllergyAmendment,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<AllergyResponse> {
    const { amendmentReason, keptFromGuardians, ...content } = body;
    const change = { content: () => content, reason: amendmentReason, keptFromGuardians, ifMatch };
    return this.amended({ patientId, entryId }, change, request.user);
  }

  /** @summary Read everything an allergy entry ever said */
  @Get('{entryId}/versions')
  @Security('bearer')
  @Extension('x-access', { resource: 'allergy', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  async versions(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Request() request: AuthenticatedRequest,
  ): Promise<AllergyVersions> {
    return { items: await this.history({ patientId, entryId }, request.user) };
  }
}
