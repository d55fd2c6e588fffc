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
import type { Note } from '../domain/contents.js';
import type { ListQuery, Uuid } from './common.dto.js';
import { EntriesController } from './entries.js';
import { aNote } from './examples.js';
import type { NoteAmendment, NoteList, NoteRequest, NoteResponse, NoteVersions } from './note.dto.js';

@Route('api/records/{patientId}/notes')
@Tags('Notes')
@Response<Problem>(403, 'RECORD.NO_CARE_RELATION, RECORD.NOT_YOUR_RECORD, or a role that never sees medical content')
@Response<Problem>(404, 'RECORD.NOT_FOUND or RECORD.NO_SUCH_ENTRY')
@Response<Problem>(410, 'RECORD.ERASED')
@Response<Problem>(503, 'The care relation cannot be asked for; nobody gets in on trust')
export class NotesController extends EntriesController<'note'> {
  protected readonly kind = 'note';
  protected readonly segment = 'notes';

  /**
   * The newest first.
   * @summary List notes
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'note', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  list(
    @Path() patientId: Uuid,
    @Queries() query: ListQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<NoteList> {
    return this.page(patientId, query, request);
  }

  /**
   * Send an `Idempotency-Key`, and a repeat gives the first answer again.
   * @summary Record a note
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'note', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @SuccessResponse(201, 'Recorded')
  @Example<NoteResponse>(aNote)
  add(
    @Path() patientId: Uuid,
    @Body() body: NoteRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<NoteResponse> {
    const { keptFromGuardians, ...said } = body;
    const content = (): Note => ({ status: 'current', ...said });
    return this.added(patientId, { content, keptFromGuardians }, request.user);
  }

  /**
   * Adds a version with its author and reason; what it said before stays readable.
   * @summary Amend a note
   */
  @Put('{entryId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'note', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(409, 'RECORD.ENTERED_IN_ERROR')
  amend(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Body() body: NoteAmendment,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<NoteResponse> {
    const { amendmentReason, keptFromGuardians, ...said } = body;
    const content = (): Note => ({ status: 'current', ...said });
    const change = { content, reason: amendmentReason, keptFromGuardians, ifMatch };
    return this.amended({ patientId, entryId }, change, request.user);
  }

  /** @summary Read everything a note entry ever said */
  @Get('{entryId}/versions')
  @Security('bearer')
  @Extension('x-access', { resource: 'note', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.patientId'])
  async versions(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Request() request: AuthenticatedRequest,
  ): Promise<NoteVersions> {
    return { items: await this.history({ patientId, entryId }, request.user) };
  }
}
