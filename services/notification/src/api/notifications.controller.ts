import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { invalidField } from '@cabinet/kit/errors';
import { etagOf } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import { isCalendarDate } from '@cabinet/service/written-time';
import {
  Controller,
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
import type { CountDecisions } from '../domain/decisions/count-decisions.js';
import type { Decision } from '../domain/decisions/decision.js';
import type { FindNotifications } from '../domain/decisions/find-notifications.js';
import type { ResendNotification } from '../domain/decisions/resend-notification.js';
import { daysAfter, instantOf } from '../domain/time/zoned-time.js';
import type { CalendarDate, ChannelDto, Uuid } from './common.dto.js';
import { figures, reminder, reminderWithContent, resent } from './examples.js';
import {
  type KindDto,
  type NotificationList,
  type NotificationResponse,
  type StateDto,
  toNotificationResponse,
} from './notification.dto.js';
import { type NotificationFigures, toNotificationFigures } from './notification-figures.js';

interface ListQuery {
  /** About whom; left out, about everybody: for the practice. */
  patientId?: Uuid;
  appointmentId?: Uuid;
  /** What is due on that day, by the clock of the practice. */
  day?: CalendarDate;
  state?: StateDto;
  kind?: KindDto;
  channel?: ChannelDto;
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

interface FiguresQuery {
  /** The first day, by the clock of the practice. */
  firstDay: CalendarDate;
  /** The last; at most 31 days together. */
  lastDay: CalendarDate;
}

const newestFirst = new Cursors('notifications', z.tuple([keyPart.time, keyPart.id]));

@Route('api/notifications')
@Tags('Notifications')
export class NotificationsController extends Controller {
  constructor(
    private readonly find: FindNotifications,
    private readonly resending: ResendNotification,
    private readonly counting: CountDecisions,
    /** IANA, of the practice. */
    private readonly zone: string,
  ) {
    super();
  }

  /**
   * One line for each message that was decided, whether it left or not, and why; what is due last comes first. Patients have those
   * about themselves, and about those for whom they act.
   * @summary List what was decided
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  @Example<NotificationList>({ items: [reminder] })
  async list(@Queries() query: ListQuery, @Request() request: AuthenticatedRequest): Promise<NotificationList> {
    const { patientId, appointmentId, day, state, kind, channel, limit = 50 } = query;
    const cursors = newestFirst.under(query);
    const filter = { patientId, appointmentId, state, kind, channel, ...this.within(day) };
    const page = await this.find.list(filter, { limit, after: cursors.read(query.cursor) }, request.user);
    const nextCursor = cursors.next(page, ({ dueAt, id }) => [dueAt.getTime(), id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map((each) => toNotificationResponse(each)), nextCursor };
  }

  /**
   * How many messages that were due on each day have left, by which channel, and why others have not; about nobody.
   * @summary Count what became of messages
   */
  @Get('figures')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationFigures', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<NotificationFigures>(figures)
  async figures(@Queries() query: FiguresQuery): Promise<NotificationFigures> {
    const { firstDay, lastDay } = query;
    assertDay('firstDay', firstDay);
    assertDay('lastDay', lastDay);
    return toNotificationFigures(await this.counting.of(firstDay, lastDay), this.zone);
  }

  /**
   * With what left, as long as that is kept.
   * @summary Read a decision
   */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<NotificationResponse>(reminderWithContent)
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<NotificationResponse> {
    const decision = await this.find.get(id, request.user);
    return this.answer(decision, await this.find.contentOf(decision));
  }

  /**
   * Makes a decision of its own, which is judged anew before anything leaves: what is no longer so is not said again.
   * @summary Send again
   */
  @Post('{id}/resend')
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'resend', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(201, 'Decided')
  @Response<Problem>(409, 'It is still to be sent, or is no longer so')
  @Example<NotificationResponse>(resent)
  async resend(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<NotificationResponse> {
    const decision = await this.resending.resend(id, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/notifications/${decision.id}`);
    return this.answer(decision);
  }

  private within(day: string | undefined): { from?: Date; to?: Date } {
    if (day === undefined) return {};
    assertDay('day', day);
    const begins = (date: string) => new Date(instantOf(date, '00:00', this.zone));
    return { from: begins(day), to: begins(daysAfter(day, 1)) };
  }

  private answer(decision: Decision, content?: { subject: string; text: string }): NotificationResponse {
    this.setHeader('ETag', etagOf(decision.version));
    return toNotificationResponse(decision, content);
  }
}

/** @throws InvalidInput (422) */
function assertDay(name: string, day: string): void {
  if (!isCalendarDate(day)) throw invalidField(name, 'INVALID_DATE', 'is no day that exists');
}
