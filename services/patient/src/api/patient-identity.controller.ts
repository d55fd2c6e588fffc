import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { ErasePatient } from '../domain/erase-patient.js';
import type { FindPatients } from '../domain/find-patients.js';
import type { MergePatients } from '../domain/merge-patients.js';
import { claire } from './examples.js';
import {
  type MergeRequest,
  type PatientList,
  type PatientResponse,
  toPatientResponse,
  type Uuid,
} from './patient.dto.js';

@Route('api/patients/{id}')
@Tags('Identity')
export class PatientIdentityController extends Controller {
  constructor(
    private readonly find: FindPatients,
    private readonly mergePatients: MergePatients,
    private readonly erasePatient: ErasePatient,
  ) {
    super();
  }

  /**
   * Those born on the same day with a similar name, and no identifier that tells them apart.
   * @summary List patients who may be the same person
   */
  @Get('duplicates')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'compare', channel: 'list' })
  @Extension('x-audit-subjects', ['path.id', 'answer.items.id'])
  @Response<Problem>(410, 'The data of this patient has been erased')
  @Example<PatientList>({ items: [claire] })
  async duplicates(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<PatientList> {
    const duplicates = await this.find.duplicatesOf(id, request.user);
    return { items: duplicates.map(toPatientResponse) };
  }

  /**
   * The other patient stays, keeps its own details and gets what it lacks; this one stays as a pointer to it. Their
   * visits count together from now on. It cannot be undone. Nobody merges themself, or a patient for whom they act: 403.
   * @summary Merge a patient into the one they turned out to be
   */
  @Post('merge')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'merge', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id', 'body.intoPatientId'])
  @SuccessResponse(200, 'Merged; the answer is the patient that stays')
  @Response<Problem>(
    409,
    'Their identifiers differ, one of them is inactive or merged already, or they have too much together',
  )
  @Response<Problem>(410, 'The data of this patient has been erased')
  @Example<PatientResponse>(claire)
  async merge(
    @Path() id: Uuid,
    @Body() body: MergeRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<PatientResponse> {
    const version = ifMatch === undefined ? undefined : versionFromIfMatch(ifMatch);
    const order = { id, intoPatientId: body.intoPatientId, version };
    const survivor = await this.mergePatients.merge(order, request.user);
    this.setHeader('ETag', etagOf(survivor.version));
    return toPatientResponse(await this.find.withVisits(survivor, request.user));
  }

  /**
   * Removes everything personal for good, here and, by `patient.erased`, wherever it must not be kept. The id stays, so
   * that what refers to it does not dangle, and answers 410 from then on.
   * @summary Erase the data of a patient
   */
  @Post('erase')
  @Security('bearer')
  @Extension('x-access', { resource: 'patient', action: 'erase', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Erased')
  @Response<Problem>(409, 'The patient was merged into another; erase that one')
  @Response<Problem>(410, 'The data of this patient has been erased before')
  async erase(
    @Path() id: Uuid,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<void> {
    const version = ifMatch === undefined ? undefined : versionFromIfMatch(ifMatch);
    await this.erasePatient.erase({ id, version }, request.user);
  }
}
