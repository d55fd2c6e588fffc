import type { Readable } from 'node:stream';
import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { etagOf } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import { eventStream, eventStreamHeaders, positionOf } from '@cabinet/service/live/event-stream';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Produces,
  Queries,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { Alert } from '../domain/alert.js';
import type { AnswerAlerts } from '../domain/answer-alerts.js';
import { rankOf } from '../domain/engine/rule.js';
import type { FindAlerts } from '../domain/find-alerts.js';
import type { FollowAlerts } from '../domain/follow-alerts.js';
import {
  type AlertList,
  type AlertResponse,
  type CallResponse,
  type ExplanationResponse,
  type HandOverRequest,
  type SnoozeRequest,
  toAlertResponse,
  toExplanationResponse,
} from './alert.dto.js';
import type { Uuid } from './common.dto.js';
import { anAlert } from './examples.js';

interface ListQuery {
  patientId?: Uuid;
  /** True for those that somebody still has to see, false for the others; left out: all. */
  active?: boolean;
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

interface FollowQuery {
  /**
   * How long to follow; 600 when it is left out. With 0 it tells what has changed since `Last-Event-ID`, and ends.
   * @isInt
   * @minimum 0
   * @maximum 600
   */
  seconds?: number;
}

const byUrgency = new Cursors('alerts', z.tuple([keyPart.count, keyPart.time, keyPart.id]));
const secondsMax = 600;
@Route('api/alerts')
@Tags('Alerts')
export class AlertsController extends Controller {
  constructor(
    private readonly find: FindAlerts,
    private readonly answers: AnswerAlerts,
    private readonly alerts: FollowAlerts,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * Those that the practitioner watches over: whom their rules may tell, or to whom they were handed over; the most urgent first, of
   * these the latest. This is no certified device and no emergency care: in an emergency call 15.
   * @summary List alerts
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'alert', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  @Example<AlertList>({ items: [anAlert] })
  async list(@Queries() query: ListQuery, @Request() request: AuthenticatedRequest): Promise<AlertList> {
    const { patientId, active, limit = 50, cursor } = query;
    const cursors = byUrgency.under({ patientId, active });
    const page = await this.find.list({ patientId, active }, limit, cursors.read(cursor), request.user);
    const nextCursor = cursors.next(page, ({ priority, startedAt, id }) => [rankOf(priority), startedAt.getTime(), id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    const now = this.clock.now();
    return { items: page.items.map((alert) => toAlertResponse(alert, now)), nextCursor };
  }

  /**
   * Server-sent events: `alert` with the `alertId` a second at most after each change: read it anew. `open` comes first, and `reset` when
   * what was missed is no longer known: read everything anew. Whoever comes back with the last `id` as `Last-Event-ID`, within an hour,
   * hears what they missed. It ends with the token, after ten minutes at most; each line that begins with a colon says that it is
   * alive, every ten seconds at least: without it, what is shown is old.
   * @summary Follow alerts
   */
  @Get('live/changes')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertChange', action: 'follow', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Produces('text/event-stream')
  @Response<Problem>(429, 'The caller follows in eight places already')
  @Response<Problem>(503, 'Too many follow')
  async changes(
    @Queries() query: FollowQuery,
    @Request() request: AuthenticatedRequest,
    @Header('Last-Event-ID') lastEventId?: string,
  ): Promise<Readable> {
    const after = positionOf(lastEventId);
    const follower = await this.alerts.follow(after, request.user);
    for (const [name, value] of Object.entries(eventStreamHeaders)) this.setHeader(name, value);
    return eventStream(request, follower, query.seconds ?? secondsMax, (actor) => this.alerts.askAgain(actor));
  }

  /**
   * For the service that tells people of it, just before a message leaves.
   * @summary Whether somebody is still to be told of an alert
   */
  @Get('calls/{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertCall', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<CallResponse>({ alertId: anAlert.id, generation: 1, isCalling: true })
  async call(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<CallResponse> {
    return this.find.call(id, request.user);
  }

  /** @summary Read an alert */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'alert', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<AlertResponse>(anAlert)
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<AlertResponse> {
    return this.answer(await this.find.get(id, request.user));
  }

  /**
   * The version of the rule and its author, the readings, what was missing, and who was told when.
   * @summary Why an alert rang
   */
  @Get('{id}/why')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertExplanation', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  async why(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<ExplanationResponse> {
    return toExplanationResponse(await this.find.why(id, request.user));
  }

  /**
   * Seen and taken care of: nobody is told any more, by whatever way. Again it changes nothing.
   * @summary Acknowledge an alert
   */
  @Post('{id}/acknowledge')
  @Security('bearer')
  @Extension('x-access', { resource: 'alert', action: 'answer', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<AlertResponse>(anAlert)
  async acknowledge(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<AlertResponse> {
    return this.answer(await this.answers.acknowledge(id, request.user));
  }

  /**
   * This alert alone is quiet for so long, then its steps begin anew. Other alerts of the patient ring all the same.
   * @summary Snooze an alert
   */
  @Post('{id}/snooze')
  @Security('bearer')
  @Extension('x-access', { resource: 'alert', action: 'answer', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<AlertResponse>(anAlert)
  async snooze(
    @Path() id: Uuid,
    @Body() body: SnoozeRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<AlertResponse> {
    return this.answer(await this.answers.snooze(id, body.minutes, request.user));
  }

  /**
   * They are told at once and answer for it from then on; until they do, the later steps of the rule go on.
   * @summary Hand an alert over to another practitioner
   */
  @Post('{id}/hand-over')
  @Security('bearer')
  @Extension('x-access', { resource: 'alert', action: 'answer', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(503, 'It cannot be asked who is reachable')
  @Example<AlertResponse>(anAlert)
  async handOver(
    @Path() id: Uuid,
    @Body() body: HandOverRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<AlertResponse> {
    return this.answer(await this.answers.handOver(id, body.practitionerId, request.user));
  }

  private answer(alert: Alert): AlertResponse {
    this.setHeader('ETag', etagOf(alert.version));
    return toAlertResponse(alert, this.clock.now());
  }
}
