import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
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
import { z } from 'zod';
import type { ChangeSomeThing } from '../domain/change-some-thing.js';
import type { FindSomeThings } from '../domain/find-some-things.js';
import type { RecordSomeThing } from '../domain/record-some-thing.js';
import type { SomeThing } from '../domain/some-thing.js';
import { shoulder } from './examples.js';
import {
  type SomeThingList,
  type SomeThingReplacement,
  type SomeThingRequest,
  type SomeThingResponse,
  toSomeThingResponse,
  type Uuid,
} from './some-thing.dto.js';

interface ListQuery {
  patientId: Uuid;
  /**
   * Items on a page; 20 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  limit?: number;
  /**
   * `nextCursor` of the page before.
   * @maxLength 1000
   */
  cursor?: string;
}

const byTime = new Cursors('some-things', z.tuple([keyPart.id]));

@Route('api/some-things')
@Tags('Some things')
export class SomeThingsController extends Controller {
  constructor(
    private readonly find: FindSomeThings,
    private readonly recording: RecordSomeThing,
    private readonly change: ChangeSomeThing,
  ) {
    super();
  }

  /**
   * Patients do so for themselves. With an `Idempotency-Key` a repeat gives the first answer again.
   * @summary Record a some thing
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'someThing', action: 'record', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId', 'answer.patientId'])
  @SuccessResponse(201, 'Recorded')
  @Response<Problem>(410, 'The patient was erased')
  @Example<SomeThingResponse>(shoulder)
  async record(@Body() body: SomeThingRequest, @Request() request: AuthenticatedRequest): Promise<SomeThingResponse> {
    const someThing = await this.recording.record(body, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/some-things/${someThing.id}`);
    return this.answer(someThing);
  }

  /**
   * In the order in which they were recorded.
   * @summary List the some things of a patient
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'someThing', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  @Example<SomeThingList>({ items: [shoulder] })
  async list(@Queries() query: ListQuery, @Request() request: AuthenticatedRequest): Promise<SomeThingList> {
    const { patientId, limit = 20, cursor } = query;
    const cursors = byTime.under({ patientId });
    const page = await this.find.listOf(patientId, limit, cursors.read(cursor), request.user);
    const nextCursor = cursors.next(page, ({ id }) => [id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toSomeThingResponse), nextCursor };
  }

  /** @summary Read a some thing */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'someThing', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<SomeThingResponse>(shoulder)
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<SomeThingResponse> {
    return this.answer(await this.find.get(id, request.user));
  }

  /** @summary Change the text of a some thing */
  @Put('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'someThing', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<SomeThingResponse>(shoulder)
  async replace(
    @Path() id: Uuid,
    @Body() body: SomeThingReplacement,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<SomeThingResponse> {
    const order = { id, version: versionFromIfMatch(ifMatch), text: body.text };
    return this.answer(await this.change.replace(order, request.user));
  }

  private answer(someThing: SomeThing): SomeThingResponse {
    this.setHeader('ETag', etagOf(someThing.version));
    return toSomeThingResponse(someThing);
  }
}
