import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Consumes,
  Controller,
  Example,
  Extension,
  Get,
  Path,
  Post,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { ImportFiles } from '../domain/import-files.js';
import type { Uuid } from './common.dto.js';
import { begun, imported } from './examples.js';
import { type ImportRequest, type ImportResponse, toImportResponse } from './import.dto.js';

@Route('api/readings')
@Tags('Imports of files')
export class ImportsController extends Controller {
  constructor(private readonly imports: ImportFiles) {
    super();
  }

  /**
   * Says what comes. The file follows part by part, to `/api/readings/import`.
   * @summary Begin to import a file
   */
  @Post('imports')
  @Security('bearer')
  @Extension('x-access', { resource: 'readingImport', action: 'run', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId', 'answer.patientId'])
  @SuccessResponse(201, 'Begun')
  @Response<Problem>(410, 'The patient was erased')
  @Example<ImportResponse>(begun)
  async begin(@Body() body: ImportRequest, @Request() request: AuthenticatedRequest): Promise<ImportResponse> {
    const file = await this.imports.begin(body, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/readings/imports/${file.id}`);
    return toImportResponse(file);
  }

  /**
   * How far it is, and what became of the readings so far.
   * @summary Read how an import goes
   */
  @Get('imports/{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'readingImport', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(410, 'The patient was erased')
  @Example<ImportResponse>(imported)
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<ImportResponse> {
    return toImportResponse(await this.imports.get(id, request.user));
  }

  /**
   * At most 4 MiB, cut anywhere, in order; unpacked. Whoever was cut off asks for the import, and goes on at its `offset`; a part that
   * comes again from there is taken once. With `isLast` the file ends, and a document that has to be whole is read.
   * @summary Send the next part of a file
   * @param body the bytes
   * @param offset where in the file it begins
   * @isInt offset
   * @minimum offset 0
   * @param isLast true for the part with which the file ends
   */
  @Post('import')
  @Consumes('application/octet-stream')
  @Security('bearer')
  @Extension('x-access', { resource: 'readingImport', action: 'run', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Read')
  @Response<Problem>(409, 'The part does not begin where the last one ended, or the file has ended')
  @Response<Problem>(410, 'The patient was erased')
  @Response<Problem>(413, 'More than 4 MiB')
  @Response<Problem>(415, 'Not application/octet-stream, or a packed file')
  @Example<ImportResponse>(imported)
  async readPart(
    @Body() body: string,
    @Query() importId: Uuid,
    @Query() offset: number,
    @Request() request: AuthenticatedRequest,
    @Query() isLast = false,
  ): Promise<ImportResponse> {
    const part = { importId, offset, bytes: Buffer.from(body, 'latin1'), isLast };
    return toImportResponse(await this.imports.readPart(part, request.user));
  }
}
