import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Path,
  Post,
  Queries,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { KeepWebhooks } from '../domain/webhooks/keep-webhooks.js';
import type { Uuid } from './common.dto.js';
import { delivery, webhook, webhookWithSecret } from './examples.js';
import {
  toDeliveryResponse,
  toWebhookResponse,
  type WebhookDeliveryList,
  type WebhookDeliveryResponse,
  type WebhookList,
  type WebhookRequest,
  type WebhookResponse,
  type WebhookWithSecretResponse,
  withSecret,
} from './webhook.dto.js';

interface PageQuery {
  /**
   * Items on a page; 50 when it is left out.
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

const newestFirst = new Cursors('webhook-deliveries', z.tuple([keyPart.time, keyPart.id]));

@Route('api/webhooks')
@Tags('Webhooks')
export class WebhooksController extends Controller {
  constructor(private readonly webhooks: KeepWebhooks) {
    super();
  }

  /** @summary List webhooks */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'webhook', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<WebhookList>({ items: [webhook] })
  async list(): Promise<WebhookList> {
    return { items: (await this.webhooks.list()).map(toWebhookResponse) };
  }

  /**
   * From now on it is told what happens, by Standard Webhooks 1.0, with tries over three days. The answer has its secret, this once: no
   * answer is kept, and a secret that was lost on its way is replaced by another.
   * @summary Make a webhook
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'webhook', action: 'create', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @SuccessResponse(201, 'Made')
  @Response<Problem>(409, 'There are twenty already')
  @Example<WebhookWithSecretResponse>(webhookWithSecret)
  async create(
    @Body() body: WebhookRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<WebhookWithSecretResponse> {
    const { signedBy = 'hmac', ...order } = body;
    const made = await this.webhooks.create({ ...order, signedBy }, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/webhooks/${made.webhook.id}`);
    return withSecret(made);
  }

  /** @summary Read a webhook */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'webhook', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<WebhookResponse>(webhook)
  async get(@Path() id: Uuid): Promise<WebhookResponse> {
    return toWebhookResponse(await this.webhooks.get(id));
  }

  /**
   * What was told to it is forgotten as well.
   * @summary Remove a webhook
   */
  @Delete('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'webhook', action: 'remove', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @SuccessResponse(204, 'Removed')
  remove(@Path() id: Uuid): Promise<void> {
    return this.webhooks.remove(id);
  }

  /**
   * For a day what it is told is signed by both, so that its receiver can take the new one at any time. The answer has the new secret,
   * this once.
   * @summary Replace the key of a webhook
   */
  @Post('{id}/rotate')
  @Security('bearer')
  @Extension('x-access', { resource: 'webhook', action: 'rotate', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Replaced')
  @Example<WebhookWithSecretResponse>(webhookWithSecret)
  async rotate(@Path() id: Uuid): Promise<WebhookWithSecretResponse> {
    return withSecret(await this.webhooks.rotate(id));
  }

  /**
   * One that said that it wants nothing more (410), and does now.
   * @summary Enable a webhook again
   */
  @Post('{id}/enable')
  @Security('bearer')
  @Extension('x-access', { resource: 'webhook', action: 'enable', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @SuccessResponse(200, 'Enabled')
  @Example<WebhookResponse>(webhook)
  async enable(@Path() id: Uuid): Promise<WebhookResponse> {
    return toWebhookResponse(await this.webhooks.enable(id));
  }

  /**
   * With each attempt and what came of it, the newest first; for 30 days.
   * @summary List what a webhook was told
   */
  @Get('{id}/deliveries')
  @Security('bearer')
  @Extension('x-access', { resource: 'webhookDelivery', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<WebhookDeliveryList>({ items: [delivery] })
  async deliveries(
    @Path() id: Uuid,
    @Queries() query: PageQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<WebhookDeliveryList> {
    const cursors = newestFirst.under({ id });
    const page = await this.webhooks.told(id, { limit: query.limit ?? 50, after: cursors.read(query.cursor) });
    const nextCursor = cursors.next(page, ({ createdAt, id: last }) => [createdAt.getTime(), last]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toDeliveryResponse), nextCursor };
  }

  /**
   * Under the id that it had, so that a receiver that has had it knows.
   * @summary Tell a webhook again
   */
  @Post('{id}/deliveries/{deliveryId}/replay')
  @Security('bearer')
  @Extension('x-access', { resource: 'webhookDelivery', action: 'replay', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @SuccessResponse(202, 'It leaves at once')
  @Response<Problem>(409, 'The webhook is disabled')
  @Example<WebhookDeliveryResponse>(delivery)
  async replay(@Path() id: Uuid, @Path() deliveryId: Uuid): Promise<WebhookDeliveryResponse> {
    const replayed = await this.webhooks.replay(id, deliveryId);
    this.setStatus(202);
    return toDeliveryResponse(replayed);
  }
}
