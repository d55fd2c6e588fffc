import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { readWrittenTime } from '@cabinet/service/written-time';
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
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { KeepRelatedPersons, NamedRelation } from '../domain/keep-related-persons.js';
import { paul } from './examples.js';
import type { Uuid } from './patient.dto.js';
import {
  type RelatedPersonList,
  type RelatedPersonPatch,
  type RelatedPersonRequest,
  type RelatedPersonResponse,
  toRelatedPersonResponse,
} from './related-person.dto.js';

@Route('api/patients/{id}')
@Tags('Families')
@Response<Problem>(410, 'The data of this patient has been erased')
export class RelatedPersonsController extends Controller {
  constructor(
    private readonly related: KeepRelatedPersons,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * Guardians of a minor, carers of somebody of age. Those who acted and do no longer are left out. `sections` is in what they act now:
   * at the ages that the practice sets a guardian's shrink, which `ends` says long before.
   * @summary List who acts for a patient
   */
  @Get('related-persons')
  @Security('bearer')
  @Extension('x-access', { resource: 'relatedPerson', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['path.id', 'answer.items.relatedPatientId'])
  @Example<RelatedPersonList>({ items: [paul] })
  async list(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<RelatedPersonList> {
    return this.answerAll(await this.related.list(id, request.user));
  }

  /** @summary List for whom a patient acts */
  @Get('acts-for')
  @Security('bearer')
  @Extension('x-access', { resource: 'relatedPerson', action: 'readActsFor', channel: 'list' })
  @Extension('x-audit-subjects', ['path.id', 'answer.items.patientId'])
  @Example<RelatedPersonList>({ items: [paul] })
  async actsFor(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<RelatedPersonList> {
    return this.answerAll(await this.related.actsFor(id, request.user));
  }

  /**
   * A secretary enters a guardian by what proves it, who acts in all until the ages of the practice, and a carer at the patient's word; somebody of age chooses a carer
   * themself. Within seconds who acts has it in their access tokens.
   * @summary Let somebody act for a patient
   */
  @Post('related-persons')
  @Security('bearer')
  @Extension('x-access', { resource: 'relatedPerson', action: 'give', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id', 'answer.relatedPatientId'])
  @SuccessResponse(201, 'Given')
  @Response<Problem>(409, 'They do already, too many do, or the patient is merged or out of use')
  @Example<RelatedPersonResponse>(paul)
  async give(
    @Path() id: Uuid,
    @Body() body: RelatedPersonRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<RelatedPersonResponse> {
    const { until, ...rest } = body;
    const wanted = { ...rest, until: until === undefined ? undefined : toDate(until) };
    const given = await this.related.give(id, wanted, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/patients/${id}/related-persons/${given.id}`);
    return this.answer(given);
  }

  /**
   * Patients change their carers; of guardians the practice changes until when they act. What has become a minor's own at an age they
   * open to a guardian by `opened`, and shut again, or the practice does at their word; nobody does for
   * themself: 403 `PATIENT.RELATED_TO_YOURSELF`.
   * @summary Change in what, or until when, somebody acts for a patient
   */
  @Patch('related-persons/{relatedPersonId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'relatedPerson', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id', 'answer.relatedPatientId'])
  @Response<Problem>(409, 'The patient was merged into another')
  @Example<RelatedPersonResponse>(paul)
  async patch(
    @Path() id: Uuid,
    @Path() relatedPersonId: Uuid,
    @Body() body: RelatedPersonPatch,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<RelatedPersonResponse> {
    const order = { patientId: id, id: relatedPersonId, version: versionFromIfMatch(ifMatch) };
    const { sections, opened, until } = body;
    const patch = {
      ...(sections && { sections }),
      ...(opened && { opened }),
      ...(until !== undefined && { until: until === null ? null : toDate(until) }),
    };
    return this.answer(await this.related.change(order, patch, request.user));
  }

  /**
   * At once: within ten seconds no token of who acted is good for it. Patients end their carers, and carers themselves; the
   * practice ends both, guardians it alone. Once more changes nothing.
   * @summary End that somebody acts for a patient
   */
  @Delete('related-persons/{relatedPersonId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'relatedPerson', action: 'end', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Ended')
  async end(@Path() id: Uuid, @Path() relatedPersonId: Uuid, @Request() request: AuthenticatedRequest): Promise<void> {
    await this.related.end({ patientId: id, id: relatedPersonId }, request.user);
  }

  private answerAll(relations: NamedRelation[]): RelatedPersonList {
    const now = this.clock.now();
    return { items: relations.map((each) => toRelatedPersonResponse(each, now)) };
  }

  private answer(relation: NamedRelation): RelatedPersonResponse {
    this.setHeader('ETag', etagOf(relation.version));
    return toRelatedPersonResponse(relation, this.clock.now());
  }
}

const toDate = (until: string): Date => new Date(readWrittenTime(until, 'until').ms);
