import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Principal } from '@cabinet/kit/access/principal';
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
import type { ChangePatient } from '../domain/change-patient.js';
import { assertNothingPersonal, type FindPatients, type PatientQuestion, placeOf } from '../domain/find-patients.js';
import type { Patient } from '../domain/patient.js';
import type { RegisterPatient } from '../domain/register-patient.js';
import { claire } from './examples.js';
import {
  type CalendarDate,
  type PatientList,
  type PatientPatch,
  type PatientReplacement,
  type PatientRequest,
  type PatientResponse,
  type PatientSearchRequest,
  type ResolveRequest,
  type ResolveResponse,
  type StatusRequest,
  type StatusResponse,
  toPatientResponse,
  type Uuid,
} from './patient.dto.js';

interface ListQuery {
  /**
   * Beginnings of words of family, given or birth name, in any order; case and accents do not matter, nor whether words are
   * written together: `obrien`, `le goff`, `legoff`.
   * @maxLength 200
   * @example "lef cla"
   */
  q?: string;
  birthDate?: CalendarDate;
  /** Those in use (true, the default) or out of use (false). */
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

const byName = new Cursors('patients', z.tuple([keyPart.text, keyPart.id]));

@Route('api/patients')
@Tags('Patients')
export class PatientsController extends Controller {
  constructor(
    private readonly find: FindPatients,
    private readonly registration: RegisterPatient,
    private readonly change: ChangePatient,
  ) {
    super();
  }

  /**
   * Somebody born on the same day with a similar name may be the same person: then nothing is stored and 409
   * `PATIENT.POSSIBLE_DUPLICATE` names them in `possibleDuplicates`. After comparing, send it again with
   * `acceptDuplicate=true`. With an `Idempotency-Key` a repeat gives the first answer again.
   * @summary Register a patient
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'register', channel: 'rest' })
  @Extension('x-audit-subjects', ['answer.id'])
  @SuccessResponse(201, 'Registered')
  @Response<Problem>(409, 'An identifier is taken (`patientId` says by whom), or this may be a duplicate')
  @Example<PatientResponse>(claire)
  async register(
    @Body() body: PatientRequest,
    @Request() request: AuthenticatedRequest,
    @Query() acceptDuplicate = false,
  ): Promise<PatientResponse> {
    const patient = await this.registration.register(body, { acceptDuplicate });
    this.setStatus(201);
    this.setHeader('Location', `/api/patients/${patient.id}`);
    return this.answer(patient, request);
  }

  /**
   * In order of name. Identifiers, telephone numbers and e-mail addresses must not stand in an address: search for one with
   * `POST /api/patients/search`.
   * @summary List or search patients
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.id'])
  @Example<PatientList>({ items: [claire] })
  async list(@Queries() query: ListQuery, @Request() request: AuthenticatedRequest): Promise<PatientList> {
    assertNothingPersonal({ q: query.q });
    const list = await this.page({ ...query, active: query.active ?? true }, query, request.user);
    const link = nextLink(request.originalUrl, list.nextCursor);
    if (link) this.setHeader('Link', link);
    return list;
  }

  /**
   * The same search with its question in the body, which leaves no trace in histories and logs; for identifiers, telephone
   * numbers and e-mail addresses it is the only one. It changes nothing.
   * @summary Search patients by name, birth date, identifier, telephone or e-mail
   */
  @Post('search')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'read', channel: 'search' })
  @Extension('x-audit-subjects', ['answer.items.id'])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Found, or none')
  @Example<PatientList>({ items: [claire] })
  async search(@Body() body: PatientSearchRequest, @Request() request: AuthenticatedRequest): Promise<PatientList> {
    const isExact = [body.identifier, body.phone, body.email].some((exact) => exact !== undefined);
    const active = body.active ?? (isExact ? undefined : true);
    return this.page({ ...body, active }, body, request.user);
  }

  /**
   * Asked by services that take over data of others; not for people. At most 1,000 at a time; one that nobody has is left
   * out of the answer.
   * @summary Tell whose identifiers these are
   */
  @Post('resolve')
  @Security('bearer')
  @Extension('x-access', { resource: 'patientIdentifier', action: 'resolve', channel: 'search' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Found, or none')
  @Example<ResolveResponse>({
    items: [
      {
        system: 'urn:oid:1.2.250.1.213.1.4.10',
        value: '255081416802538',
        patientId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
        active: true,
      },
    ],
  })
  async resolve(@Body() body: ResolveRequest): Promise<ResolveResponse> {
    const items = await this.find.resolve(body.identifiers);
    return { items };
  }

  // Status is nobody's data: it says nothing about a person, and what is done with it is on record where it is done.
  /**
   * Asked by services that refer to patients; not for people. At most 500 at a time; one who does not exist, or whose data
   * has been erased, is left out of the answer.
   * @summary Tell which patients exist, are active, have died or were merged
   */
  @Post('status')
  @Security('bearer')
  @Extension('x-access', { resource: 'patientStatus', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Found, or none')
  @Example<StatusResponse>({
    items: [{ patientId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11', active: true, deceased: false }],
  })
  async status(@Body() body: StatusRequest): Promise<StatusResponse> {
    return { items: await this.find.statusOf(body.patientIds) };
  }

  /**
   * Patients read their own data only. One who was merged is answered with `mergedInto`. Guardians do not see when a minor comes,
   * whatever else they are in the practice.
   * @summary Read a patient
   */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Response<Problem>(410, 'The data of this patient has been erased')
  @Example<PatientResponse>(claire)
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<PatientResponse> {
    const patient = await this.find.get(id, request.user);
    this.setHeader('ETag', etagOf(patient.version));
    return toPatientResponse(patient);
  }

  /**
   * What the body leaves out is cleared. The birth date of whom somebody acts for is changed by others.
   * @summary Replace the details of a patient
   */
  @Put('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'replace', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Response<Problem>(409, 'An identifier is taken, or the patient was merged into another')
  @Response<Problem>(410, 'The data of this patient has been erased')
  @Example<PatientResponse>(claire)
  async replace(
    @Path() id: Uuid,
    @Body() body: PatientReplacement,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<PatientResponse> {
    const { active, ...details } = body;
    const order = { id, version: versionFromIfMatch(ifMatch), details, active };
    return this.answer(await this.change.replace(order, request.user), request);
  }

  /**
   * A field that is left out stays, `null` clears it. Patients may change how they can be reached: `telecom`, `address`
   * and `contacts` of their own. The birth date of whom somebody acts for is changed by others.
   * @summary Change some details of a patient
   */
  @Patch('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Response<Problem>(409, 'An identifier is taken, or the patient was merged into another')
  @Response<Problem>(410, 'The data of this patient has been erased')
  @Example<PatientResponse>(claire)
  async patch(
    @Path() id: Uuid,
    @Body() body: PatientPatch,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<PatientResponse> {
    const { active, ...patch } = body;
    const order = { id, version: versionFromIfMatch(ifMatch), patch, active };
    return this.answer(await this.change.patch(order, request.user), request);
  }

  /**
   * Takes the patient out of use: they are no longer listed, and nothing new can be booked for them. Everything that
   * refers to them stays, and `active: true` takes them back. Without a reason it is `other`, or stays what it was. To remove
   * personal data for good, see `erase`.
   * @summary Take a patient out of use
   */
  @Delete('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'deactivate', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Response<Problem>(409, 'The patient was merged into another')
  @Response<Problem>(410, 'The data of this patient has been erased')
  @Example<PatientResponse>(claire)
  async deactivate(
    @Path() id: Uuid,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
    @Query() reason?: 'left-practice' | 'deceased' | 'entered-in-error' | 'other',
  ): Promise<PatientResponse> {
    const order = { id, version: versionFromIfMatch(ifMatch), reason };
    return this.answer(await this.change.deactivate(order, request.user), request);
  }

  private async page(
    question: PatientQuestion,
    { limit = 20, cursor }: { limit?: number; cursor?: string },
    actor: Principal,
  ): Promise<PatientList> {
    const cursors = byName.under(question);
    const page = await this.find.search(question, { limit, after: cursors.read(cursor) }, actor);
    const nextCursor = cursors.next(page, (patient) => [placeOf(patient, question), patient.id]);
    return { items: page.items.map(toPatientResponse), nextCursor };
  }

  private async answer(patient: Patient, { user }: AuthenticatedRequest): Promise<PatientResponse> {
    this.setHeader('ETag', etagOf(patient.version));
    return toPatientResponse(await this.find.withVisits(patient, user));
  }
}
