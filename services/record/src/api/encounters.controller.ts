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
import type { Encounter } from '../domain/contents.js';
import type { Author } from '../domain/record.js';
import type { ListQuery, Uuid } from './common.dto.js';
import type {
  EncounterAmendment,
  EncounterList,
  EncounterRequest,
  EncounterResponse,
  EncounterVersions,
} from './encounter.dto.js';
import { EntriesController } from './entries.js';
import { anEncounter } from './examples.js';

@Route('api/records/{patientId}/encounters')
@Tags('Encounters')
@Response<Problem>(403, 'RECORD.NO_CARE_RELATION, RECORD.NOT_YOUR_RECORD, or a role that never sees medical content')
@Response<Problem>(404, 'RECORD.NOT_FOUND or RECORD.NO_SUCH_ENTRY')
@Response<Problem>(410, 'RECORD.ERASED')
@Response<Problem>(503, 'The care relation cannot be asked for; nobody gets in on trust')
export class EncountersController extends EntriesController<'encounter'> {
  protected readonly kind = 'encounter';
  protected readonly segment = 'encounters';

  /**
   * The latest first, by when they were.
   * @summary List encounters
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'encounter', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  list(
    @Path() patientId: Uuid,
    @Queries() query: ListQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<EncounterList> {
    return this.page(patientId, query, request);
  }

  /**
   * For a visit without an appointment; one with an appointment opens its encounter by itself.
   * @summary Record an encounter
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'encounter', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Recorded')
  @Example<EncounterResponse>(anEncounter)
  add(
    @Path() patientId: Uuid,
    @Body() body: EncounterRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<EncounterResponse> {
    const { keptFromGuardians, ...said } = body;
    const content = ({ practitionerId = '' }: Author) => ({ ...said, practitionerId });
    return this.added(patientId, { content, keptFromGuardians }, request.user);
  }

  /**
   * Adds a version with its author and reason; what it said before stays readable.
   * @summary Amend an encounter
   */
  @Put('{entryId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'encounter', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(409, 'RECORD.ENTERED_IN_ERROR')
  amend(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Body() body: EncounterAmendment,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<EncounterResponse> {
    const { amendmentReason, keptFromGuardians, ...said } = body;
    const change = {
      content: ({ practitionerId, appointmentId }: Encounter) => ({ ...said, practitionerId, appointmentId }),
      reason: amendmentReason,
      keptFromGuardians,
      ifMatch,
    };
    return this.amended({ patientId, entryId }, change, request.user);
  }

  /** @summary Read everything an encounter entry ever said */
  @Get('{entryId}/versions')
  @Security('bearer')
  @Extension('x-access', { resource: 'encounter', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  async versions(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Request() request: AuthenticatedRequest,
  ): Promise<EncounterVersions> {
    return { items: await this.history({ patientId, entryId }, request.user) };
  }
}
