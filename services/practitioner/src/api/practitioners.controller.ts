import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Header,
  Patch,
  Path,
  Post,
  Put,
  Queries,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { ChangePractitioner } from '../domain/change-practitioner.js';
import { type FindPractitioners, sortNameOf } from '../domain/find-practitioners.js';
import type { Practitioner } from '../domain/practitioner.js';
import type { RegisterPractitioner } from '../domain/register-practitioner.js';
import { bernard } from './examples.js';
import {
  type PractitionerList,
  type PractitionerPatch,
  type PractitionerReplacement,
  type PractitionerRequest,
  type PractitionerResponse,
  toPractitionerResponse,
  type Uuid,
} from './practitioner.dto.js';

interface ListQuery {
  /**
   * Beginnings of words of family or given name, in any order; case and accents do not matter, nor whether words are written
   * together: `obrien`, `le goff`, `legoff`.
   * @maxLength 200
   * @example "bern"
   */
  q?: string;
  /**
   * Beginnings of words of a speciality's name, or its code.
   * @maxLength 100
   * @example "med gen"
   */
  speciality?: string;
  /**
   * An exact RPPS number.
   * @pattern ^\d{11}$
   * @example "10100473148"
   */
  rpps?: string;
  /** Those in use (true, the default; with `rpps` both) or out of use (false). */
  active?: boolean;
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

const byName = new Cursors('practitioners', z.tuple([keyPart.text, keyPart.id]));

@Route('api/practitioners')
@Tags('Practitioners')
export class PractitionersController extends Controller {
  constructor(
    private readonly find: FindPractitioners,
    private readonly registration: RegisterPractitioner,
    private readonly change: ChangePractitioner,
  ) {
    super();
  }

  /**
   * One of the same name may be the same person: then nothing is stored and 409 `PRACTITIONER.POSSIBLE_DUPLICATE` names
   * them in `possibleDuplicates`, unless two RPPS numbers tell them apart. After comparing, send it again with
   * `acceptDuplicate=true`. With an `Idempotency-Key` a repeat gives the first answer again.
   * @summary Register a practitioner
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'practitioner', action: 'register', channel: 'rest' })
  @Extension('x-audit-subjects', ['answer.id'])
  @SuccessResponse(201, 'Registered')
  @Response<Problem>(409, 'The RPPS number is taken (`practitionerId` says by whom), or this may be a duplicate')
  @Example<PractitionerResponse>(bernard)
  async register(@Body() body: PractitionerRequest, @Query() acceptDuplicate = false): Promise<PractitionerResponse> {
    const practitioner = await this.registration.register(body, { acceptDuplicate });
    this.setStatus(201);
    this.setHeader('Location', `/api/practitioners/${practitioner.id}`);
    return this.answer(practitioner);
  }

  /**
   * The directory of the practice, in order of name; open to everybody who is signed in.
   * @summary List or search practitioners
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'practitioner', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<PractitionerList>({ items: [bernard] })
  async list(@Queries() query: ListQuery, @Request() request: AuthenticatedRequest): Promise<PractitionerList> {
    const { limit = 20, cursor, ...question } = query;
    const active = query.active ?? (query.rpps === undefined ? true : undefined);
    const cursors = byName.under({ ...question, active });
    const page = await this.find.search({ ...question, active }, limit, cursors.read(cursor));
    const nextCursor = cursors.next(page, (practitioner) => [sortNameOf(practitioner), practitioner.id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toPractitionerResponse), nextCursor };
  }

  /** @summary Read a practitioner */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'practitioner', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<PractitionerResponse>(bernard)
  async get(@Path() id: Uuid): Promise<PractitionerResponse> {
    return this.answer(await this.find.get(id));
  }

  /**
   * What the body leaves out is cleared. A place or type sent with its id stays the same one.
   * @summary Replace the details of a practitioner
   */
  @Put('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'practitioner', action: 'replace', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Response<Problem>(409, 'The RPPS number is taken')
  @Example<PractitionerResponse>(bernard)
  async replace(
    @Path() id: Uuid,
    @Body() body: PractitionerReplacement,
    @Header('If-Match') ifMatch?: string,
  ): Promise<PractitionerResponse> {
    const { active, ...details } = body;
    return this.answer(await this.change.replace({ id, version: versionFromIfMatch(ifMatch), details, active }));
  }

  /**
   * A field that is left out stays, `null` clears it; a list is replaced as a whole. Practitioners may change their own
   * `places`, `appointmentTypes` and `telecom`.
   * @summary Change some details of a practitioner
   */
  @Patch('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'practitioner', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Response<Problem>(409, 'The RPPS number is taken')
  @Example<PractitionerResponse>(bernard)
  async patch(
    @Path() id: Uuid,
    @Body() body: PractitionerPatch,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<PractitionerResponse> {
    const { active, ...patch } = body;
    const order = { id, version: versionFromIfMatch(ifMatch), patch, active };
    return this.answer(await this.change.patch(order, request.user));
  }

  /**
   * Takes the practitioner out of use: they are no longer listed, and nothing new can be booked with them. Everything that
   * refers to them stays, and `active: true` takes them back. Without a reason it is `other`, or stays what it was.
   * @summary Take a practitioner out of use
   */
  @Delete('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'practitioner', action: 'deactivate', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Example<PractitionerResponse>(bernard)
  async deactivate(
    @Path() id: Uuid,
    @Header('If-Match') ifMatch?: string,
    @Query() reason?: 'left-practice' | 'retired' | 'deceased' | 'entered-in-error' | 'other',
  ): Promise<PractitionerResponse> {
    return this.answer(await this.change.deactivate({ id, version: versionFromIfMatch(ifMatch), reason }));
  }

  private answer(practitioner: Practitioner): PractitionerResponse {
    this.setHeader('ETag', etagOf(practitioner.version));
    return toPractitionerResponse(practitioner);
  }
}
