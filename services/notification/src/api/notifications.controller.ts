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
import type { ChangeNotification } from '../domain/change-notification.js';
import type { FindNotifications } from '../domain/find-notifications.js';
import type { Notification } from '../domain/notification.js';
import type { RecordNotification } from '../domain/record-notification.js';
import { shoulder } from './examples.js';
import {
  type NotificationList,
  type NotificationReplacement,
  type NotificationRequest,
  type NotificationResponse,
  toNotificationResponse,
  type Uuid,
} from './notification.dto.js';

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

const byTime = new Cursors('notifications', z.tuple([keyPart.id]));

@Route('api/notifications')
@Tags('Notifications')
export class NotificationsController extends Controller {
  constructor(
    private readonly find: FindNotifications,
    private readonly recording: RecordNotification,
    private readonly change: ChangeNotification,
  ) {
    super();
  }

  /**
   * Patients do so for themselves. With an `Idempotency-Key` a repeat gives the first answer again.
   * @summary Record a notification
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'record', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId', 'answer.patientId'])
  @SuccessResponse(201, 'Recorded')
  @Response<Problem>(410, 'The patient was erased')
  @Example<NotificationResponse>(shoulder)
  async record(
    @Body() body: NotificationRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<NotificationResponse> {
    const notification = await this.recording.record(body, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/notifications/${notification.id}`);
    return this.answer(notification);
  }

  /**
   * In the order in which they were recorded.
   * @summary List the notifications of a patient
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  @Example<NotificationList>({ items: [shoulder] })
  async list(@Queries() query: ListQuery, @Request() request: AuthenticatedRequest): Promise<NotificationList> {
    const { patientId, limit = 20, cursor } = query;
    const cursors = byTime.under({ patientId });
    const page = await this.find.listOf(patientId, limit, cursors.read(cursor), request.user);
    const nextCursor = cursors.next(page, ({ id }) => [id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toNotificationResponse), nextCursor };
  }

  /** @summary Read a notification */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<NotificationResponse>(shoulder)
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<NotificationResponse> {
    return this.answer(await this.find.get(id, request.user));
  }

  /** @summary Change the text of a notification */
  @Put('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<NotificationResponse>(shoulder)
  async replace(
    @Path() id: Uuid,
    @Body() body: NotificationReplacement,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<NotificationResponse> {
    const order = { id, version: versionFromIfMatch(ifMatch), text: body.text };
    return this.answer(await this.change.replace(order, request.user));
  }

  private answer(notification: Notification): NotificationResponse {
    this.setHeader('ETag', etagOf(notification.version));
    return toNotificationResponse(notification);
  }
}
