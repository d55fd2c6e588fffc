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
import type { AcceptReading } from '../domain/accept-reading.js';
import type { Observation } from '../domain/contents.js';
import type { FindRecord } from '../domain/find-record.js';
import type { WriteRecord } from '../domain/write-record.js';
import type { ListQuery, Uuid } from './common.dto.js';
import { EntriesController } from './entries.js';
import { anObservation } from './examples.js';
import type {
  ObservationAmendment,
  ObservationList,
  ObservationRequest,
  ObservationResponse,
  ObservationVersions,
} from './observation.dto.js';

@Route('api/records/{patientId}/observations')
@Tags('Observations')
@Response<Problem>(403, 'RECORD.NO_CARE_RELATION, RECORD.NOT_YOUR_RECORD, or a role that never sees medical content')
@Response<Problem>(404, 'RECORD.NOT_FOUND or RECORD.NO_SUCH_ENTRY')
@Response<Problem>(410, 'RECORD.ERASED')
@Response<Problem>(503, 'The care relation cannot be asked for; nobody gets in on trust')
export class ObservationsController extends EntriesController<'observation'> {
  protected readonly kind = 'observation';
  protected readonly segment = 'observations';

  constructor(
    find: FindRecord,
    write: WriteRecord,
    private readonly accepting: AcceptReading,
  ) {
    super(find, write);
  }

  /**
   * The newest first.
   * @summary List observations
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'observation', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  list(
    @Path() patientId: Uuid,
    @Queries() query: ListQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<ObservationList> {
    return this.page(patientId, query, request);
  }

  /**
   * What was measured is asked of wearable, and of nobody else. One that was accepted already stays as it is. A reading that is doubtful or
   * implausible may be accepted: the entry says so.
   * @summary Take a reading over into the record
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'observation', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Taken over')
  @Response<Problem>(422, 'The patient has no such reading')
  @Example<ObservationResponse>(anObservation)
  async add(
    @Path() patientId: Uuid,
    @Body() body: ObservationRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<ObservationResponse> {
    return this.answerAdded(patientId, await this.accepting.accept(patientId, body, request.user));
  }

  /**
   * Adds a version with its author and reason; what it said before stays readable.
   * @summary Say something else of an observation
   */
  @Put('{entryId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'observation', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(409, 'RECORD.ENTERED_IN_ERROR')
  amend(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Body() body: ObservationAmendment,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<ObservationResponse> {
    const { amendmentReason, keptFromGuardians, status, note } = body;
    const content = (before: Observation): Observation => ({ ...before, status, note });
    const change = { content, reason: amendmentReason, keptFromGuardians, ifMatch };
    return this.amended({ patientId, entryId }, change, request.user);
  }

  /** @summary Read everything an observation ever said */
  @Get('{entryId}/versions')
  @Security('bearer')
  @Extension('x-access', { resource: 'observation', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  async versions(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Request() request: AuthenticatedRequest,
  ): Promise<ObservationVersions> {
    return { items: await this.history({ patientId, entryId }, request.user) };
  }
}
