import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { KeepSubscriptions } from '../domain/channels/keep-subscriptions.js';
import type { Uuid } from './common.dto.js';
import { browser } from './examples.js';
import {
  type PushSubscriptionList,
  type PushSubscriptionRequest,
  type PushSubscriptionResponse,
  toPushSubscriptionResponse,
} from './push-subscription.dto.js';

@Route('api/push-subscriptions')
@Tags('Push subscriptions')
export class PushSubscriptionsController extends Controller {
  constructor(private readonly subscriptions: KeepSubscriptions) {
    super();
  }

  /**
   * With the key that a browser subscribes with. One that was made with another is to be made anew.
   * @summary List one's own browsers that are pushed to
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'pushSubscription', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', 'noted')
  @Example<PushSubscriptionList>({ publicKey: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORc', items: [browser] })
  async list(@Request() request: AuthenticatedRequest): Promise<PushSubscriptionList> {
    const { publicKey, items } = await this.subscriptions.list(request.user);
    return { publicKey, items: items.map(toPushSubscriptionResponse) };
  }

  /**
   * What is pushed says no more than that there is something to read. A browser that subscribed before is subscribed anew.
   * @summary Have a browser of one's own pushed to
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'pushSubscription', action: 'subscribe', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(201, 'Subscribed')
  @Response<Problem>(409, 'This practice pushes nothing')
  @Example<PushSubscriptionResponse>(browser)
  async subscribe(
    @Body() body: PushSubscriptionRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<PushSubscriptionResponse> {
    const subscription = await this.subscriptions.subscribe(body, request.user);
    this.setStatus(201);
    return toPushSubscriptionResponse(subscription);
  }

  /** @summary Have a browser pushed to no longer */
  @Delete('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'pushSubscription', action: 'end', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Ended')
  end(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<void> {
    return this.subscriptions.end(id, request.user);
  }
}
