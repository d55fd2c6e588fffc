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
  Put,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { KeepRules } from '../domain/keep-rules.js';
import type { WatchRule } from '../domain/watch-rule.js';
import type { Uuid } from './common.dto.js';
import { aBackTest, aRule } from './examples.js';
import {
  type BackTestRequest,
  type BackTestResponse,
  type EnableRequest,
  type GapTimingList,
  type GapTimingRequest,
  type GapTimingResponse,
  type RuleList,
  type RuleReplacementRequest,
  type RuleRequest,
  type RuleResponse,
  type RuleVersionList,
  type TryOutRequest,
  toBackTestResponse,
  toGapTimingResponse,
  toRuleResponse,
  toRuleVersionResponse,
} from './rule.dto.js';

@Route('api/alert-rules')
@Tags('Alert rules')
export class RulesController extends Controller {
  constructor(private readonly rules: KeepRules) {
    super();
  }

  /**
   * Those of the whole practice, and with `patientId` those of that patient. Patients name themselves and read what watches them, and
   * who is told. This is no certified device and no emergency care: in an emergency call 15.
   * @summary List the rules that watch
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'alertRule', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId'])
  @Example<RuleList>({ items: [aRule] })
  async list(@Request() request: AuthenticatedRequest, @Query() patientId?: Uuid): Promise<RuleList> {
    return { items: (await this.rules.list(patientId, request.user)).map(toRuleResponse) };
  }

  /**
   * It runs once it is enabled. Refused when a step, or the last resort, reaches nobody. With an `Idempotency-Key` a repeat gives the
   * first answer again. Rules are examples until a practitioner answers for them.
   * @summary Write a rule
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'alertRule', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId', 'answer.patientId'])
  @SuccessResponse(201, 'Written')
  @Response<Problem>(410, 'The patient was erased')
  @Response<Problem>(503, 'It cannot be asked who is reachable')
  @Example<RuleResponse>(aRule)
  async write(@Body() body: RuleRequest, @Request() request: AuthenticatedRequest): Promise<RuleResponse> {
    const rule = await this.rules.write(body, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/alert-rules/${rule.id}`);
    return this.answer(rule);
  }

  /**
   * Nothing is stored: for finding the limits of a rule.
   * @summary Try a document on stored readings
   */
  @Post('try-out')
  @Security('bearer')
  @Extension('x-access', { resource: 'backTest', action: 'run', channel: 'analytics' })
  @Extension('x-takes-long', true)
  @Extension('x-audit-subjects', ['body.patientId', 'answer.byPatient.patientId'])
  @Response<Problem>(503, 'The readings cannot be had')
  @Example<BackTestResponse>(aBackTest)
  async tryOut(@Body() body: TryOutRequest, @Request() request: AuthenticatedRequest): Promise<BackTestResponse> {
    const { document, patientId, days } = body;
    return toBackTestResponse(await this.rules.tryOut(document, patientId, days, request.user));
  }

  /** @summary Read a rule */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertRule', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<RuleResponse>(aRule)
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<RuleResponse> {
    return this.answer(await this.rules.get(id, request.user));
  }

  /** @summary Read all versions of a rule, the newest first */
  @Get('{id}/versions')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertRuleVersion', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', 'noted')
  async versions(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<RuleVersionList> {
    return { items: (await this.rules.versions(id, request.user)).map(toRuleVersionResponse) };
  }

  /**
   * The version that is run stays until the new one is enabled.
   * @summary Write a new version of a rule
   */
  @Put('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertRule', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(503, 'It cannot be asked who is reachable')
  @Example<RuleResponse>(aRule)
  async revise(
    @Path() id: Uuid,
    @Body() body: RuleReplacementRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<RuleResponse> {
    return this.answer(await this.rules.revise(id, body.document, versionFromIfMatch(ifMatch), request.user));
  }

  /**
   * Replays the readings of the last days through the engine that would run it: what it finds is what would have been found live.
   * @summary Test the newest version of a rule on stored readings
   */
  @Post('{id}/back-tests')
  @Security('bearer')
  @Extension('x-access', { resource: 'backTest', action: 'run', channel: 'analytics' })
  @Extension('x-takes-long', true)
  @Extension('x-audit-subjects', ['answer.byPatient.patientId'])
  @Response<Problem>(503, 'The readings cannot be had')
  @Example<BackTestResponse>(aBackTest)
  async backTest(
    @Path() id: Uuid,
    @Body() body: BackTestRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<BackTestResponse> {
    return toBackTestResponse(await this.rules.backTest(id, body.days, request.user));
  }

  /**
   * Its newest version is run from now on. It needs a back-test of the last day within the budget of the practice, or a signed reason.
   * @summary Enable a rule
   */
  @Post('{id}/enable')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertRule', action: 'enable', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(503, 'It cannot be asked who is reachable')
  @Example<RuleResponse>(aRule)
  async enable(
    @Path() id: Uuid,
    @Body() body: EnableRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<RuleResponse> {
    return this.answer(await this.rules.enable(id, body.override, request.user));
  }

  /**
   * Not one that watches for missing readings: that is re-timed for a patient, and never switched off.
   * @summary Disable a rule
   */
  @Post('{id}/disable')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertRule', action: 'enable', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<RuleResponse>(aRule)
  async disable(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<RuleResponse> {
    return this.answer(await this.rules.disable(id, request.user));
  }

  /** @summary Give a patient another time in which a reading is missed */
  @Put('{id}/gap-timings')
  @Security('bearer')
  @Extension('x-access', { resource: 'gapTiming', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId'])
  @Response<Problem>(410, 'The patient was erased')
  async retime(
    @Path() id: Uuid,
    @Body() body: GapTimingRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<GapTimingResponse> {
    return toGapTimingResponse(await this.rules.retime({ ruleId: id, ...body }, request.user));
  }

  /** @summary Who gave which patients another time, and why, the latest first */
  @Get('{id}/gap-timings')
  @Security('bearer')
  @Extension('x-access', { resource: 'gapTiming', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  async timings(
    @Path() id: Uuid,
    @Request() request: AuthenticatedRequest,
    @Query() patientId?: Uuid,
  ): Promise<GapTimingList> {
    return { items: (await this.rules.timings(id, patientId, request.user)).map(toGapTimingResponse) };
  }

  private answer(rule: WatchRule): RuleResponse {
    this.setHeader('ETag', etagOf(rule.version));
    return toRuleResponse(rule);
  }
}
