import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { ReadRecord } from '../domain/read-record.js';
import type { WriteRecord } from '../domain/write-record.js';
import type { Uuid } from './common.dto.js';
import { aKeptEntry, aRecord } from './examples.js';
import type { KeepRequest, KeptResponse, RecordResponse } from './record.dto.js';
import { allergyList, entryResponse, listed } from './responses.js';

@Route('api/records')
@Tags('Records')
export class RecordsController extends Controller {
  constructor(
    private readonly records: ReadRecord,
    private readonly write: WriteRecord,
  ) {
    super();
  }

  /**
   * The whole record, with the names of the patient and of the practitioners in it as their services give them now. A
   * section that could not be asked for says `unavailable`. A patient reads their own record, guardians and carers that of whom
   * they act for, guardians until it becomes the minor's own at an age that the practice sets; a practitioner that of a patient in their care. The id of a patient who was merged leads to the record that stays.
   * @summary Read a record
   */
  @Get('{patientId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'record', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(403, 'RECORD.NO_CARE_RELATION, RECORD.NOT_YOUR_RECORD, or a role that never sees medical content')
  @Response<Problem>(404, 'RECORD.NOT_FOUND')
  @Response<Problem>(410, 'RECORD.ERASED')
  @Response<Problem>(503, 'The care relation cannot be asked for; nobody gets in on trust')
  @Example<RecordResponse>(aRecord)
  async get(@Path() patientId: Uuid, @Request() request: AuthenticatedRequest): Promise<RecordResponse> {
    const { record, patient, practitioners } = await this.records.read(patientId, request.user);
    if (!record.isPartial) this.setHeader('ETag', etagOf(record.version));
    return {
      patientId: record.patientId,
      version: record.version,
      openedAt: record.openedAt.toISOString(),
      mergedFrom: record.mergedFrom,
      patient,
      practitioners:
        practitioners.state === 'complete' ? { state: 'complete', items: practitioners.facts } : practitioners,
      allergies: allergyList(record),
      conditions: listed(record, 'condition').map(entryResponse),
      encounters: listed(record, 'encounter').map(entryResponse),
      notes: listed(record, 'note').map(entryResponse),
      observations: listed(record, 'observation').map(entryResponse),
    };
  }

  /**
   * The patient says so, or a practitioner at their word. For guardians of the patient such an entry does not exist, whatever
   * they ask for: nor that anybody saw it.
   * @summary Keep an entry from guardians, or no longer
   */
  @Post('{patientId}/entries/{entryId}/keep-from-guardians')
  @Security('bearer')
  @Extension('x-access', { resource: 'record', action: 'keep', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(403, 'RECORD.NO_CARE_RELATION, RECORD.NOT_YOUR_RECORD, or a role that never sees medical content')
  @Response<Problem>(404, 'RECORD.NOT_FOUND or RECORD.NO_SUCH_ENTRY')
  @Response<Problem>(410, 'RECORD.ERASED')
  @Response<Problem>(503, 'The care relation cannot be asked for, or RECORD.BUSY')
  @Example<KeptResponse>(aKeptEntry)
  async keep(
    @Path() patientId: Uuid,
    @Path() entryId: Uuid,
    @Body() body: KeepRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<KeptResponse> {
    const { keptFromGuardians } = body;
    await this.write.keepFromGuardians({ patientId, entryId }, keptFromGuardians, request.user);
    return { entryId, keptFromGuardians };
  }
}
