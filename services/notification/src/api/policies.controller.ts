import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import { readWrittenTime } from '@cabinet/service/written-time';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Post,
  Put,
  Request,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { KeepPolicies } from '../domain/policies/keep-policies.js';
import type { PolicyVersion } from '../domain/policies/policy.js';
import { planned, policy } from './examples.js';
import {
  type PolicyDto,
  type PolicyHistory,
  type PolicyPreview,
  type PolicyPreviewRequest,
  type PolicyResponse,
  toPlannedMessage,
  toPolicyResponse,
} from './policy.dto.js';

const inForce: PolicyResponse = { version: 1, policy: policy, setBy: 'alice', setAt: '2026-11-20T16:02:11.000Z' };

@Route('api/notification-policies')
@Tags('Notification policies')
export class PoliciesController extends Controller {
  constructor(
    private readonly policies: KeepPolicies,
    /** IANA, of the practice. */
    private readonly zone: string,
  ) {
    super();
  }

  /** @summary Read which messages leave when */
  @Get('current')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationPolicy', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<PolicyResponse>(inForce)
  async current(): Promise<PolicyResponse> {
    return this.answer(await this.policies.current());
  }

  /**
   * From then on; what is planned already is planned anew within a minute.
   * @summary Set which messages leave when
   */
  @Put('current')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationPolicy', action: 'set', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<PolicyResponse>(inForce)
  async set(
    @Body() body: PolicyDto,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<PolicyResponse> {
    return this.answer(await this.policies.set(body, versionFromIfMatch(ifMatch), request.user));
  }

  /** @summary List the policies that were in force, and who set each */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationPolicy', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<PolicyHistory>({ items: [inForce] })
  async history(): Promise<PolicyHistory> {
    return { items: (await this.policies.history()).map(toPolicyResponse) };
  }

  /** @summary See what an appointment would send when */
  @Post('preview')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationPolicy', action: 'preview', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @Example<PolicyPreview>({ zone: 'Europe/Paris', messages: [planned] })
  async preview(@Body() body: PolicyPreviewRequest): Promise<PolicyPreview> {
    const { appointmentTypeId, start, bookedAt, policy: tried } = body;
    const plans = await this.policies.preview({
      appointmentTypeId,
      start: new Date(readWrittenTime(start, 'start').ms),
      bookedAt: bookedAt === undefined ? undefined : new Date(readWrittenTime(bookedAt, 'bookedAt').ms),
      policy: tried,
    });
    return { zone: this.zone, messages: plans.map(toPlannedMessage) };
  }

  private answer(version: PolicyVersion): PolicyResponse {
    this.setHeader('ETag', etagOf(version.version));
    return toPolicyResponse(version);
  }
}
