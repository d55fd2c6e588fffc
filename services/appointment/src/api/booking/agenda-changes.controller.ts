import { Readable } from 'node:stream';
import { type AuthenticatedRequest, stillCalling } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Controller,
  Extension,
  Get,
  Header,
  Produces,
  Queries,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { FollowAgendas } from '../../domain/booking/follow-agendas.js';
import { eventsOf } from './agenda-events.js';

/**
 * One id or several with commas between them.
 * @pattern ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(,[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}){0,15}$
 * @example "019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11,019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11"
 */
type SomeIds = string;

interface FollowQuery {
  /** Of the practitioners whose agendas are looked at, 16 at most. */
  practitionerIds: SomeIds;
  /**
   * How long to follow; 600 when it is left out. With 0 it tells what has changed since `Last-Event-ID`, and ends.
   * @isInt
   * @minimum 0
   * @maximum 600
   */
  seconds?: number;
}

const secondsMax = 600;

@Route('api/appointments')
@Tags('Appointments')
export class AgendaChangesController extends Controller {
  constructor(private readonly agendas: FollowAgendas) {
    super();
  }

  /**
   * Server-sent events for those who look at agendas, a second at most after each change: `agenda` with the `practitionerId`, and the
   * times `from` and `until` between which to read it anew (without them: all of it). `open` comes first, and `reset` when what was
   * missed is no longer known: read everything anew. Whoever comes back with the last `id` as `Last-Event-ID`, within an hour, hears
   * what they missed. It ends with the token, after ten minutes at most; each line that begins with a colon says that it is alive, every ten
   * seconds at least.
   * @summary Follow what changes in agendas
   */
  @Get('agendas/changes')
  @Security('bearer')
  @Extension('x-access', { resource: 'agendaChange', action: 'follow', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Produces('text/event-stream')
  @Response<Problem>(429, 'The caller follows in eight places already')
  @Response<Problem>(503, 'Too many follow')
  async changes(
    @Queries() query: FollowQuery,
    @Request() request: AuthenticatedRequest,
    @Header('Last-Event-ID') lastEventId?: string,
  ): Promise<Readable> {
    const practitionerIds = query.practitionerIds.toLowerCase().split(',');
    const after = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined;
    const follower = await this.agendas.follow(practitionerIds, after, request.user);
    const stillMay = async () => {
      const actor = await stillCalling(request);
      if (actor) this.agendas.askAgain(practitionerIds, actor);
      return actor !== undefined;
    };
    const seconds = request.method === 'HEAD' ? 0 : (query.seconds ?? secondsMax);
    const events = Readable.from(eventsOf(follower, seconds * 1_000), { objectMode: false });
    const watch = setInterval(async () => {
      // Whoever takes nothing does not hear of the end either.
      if (follower.isEnded) request.res?.destroy();
      else if (!(await stillMay().catch(() => false))) follower.end();
    }, lookEveryMs).unref();
    const end = () => {
      clearInterval(watch);
      follower.end();
      events.destroy();
    };
    request.res?.on('close', end);
    events.on('close', () => follower.end());
    if (request.res?.destroyed) end();
    this.setHeader('Content-Type', 'text/event-stream');
    this.setHeader('Cache-Control', 'no-store');
    // Otherwise a proxy in between may keep events back.
    this.setHeader('X-Accel-Buffering', 'no');
    return events;
  }
}

/** How often it is asked whether the caller still may. */
const lookEveryMs = 2_000;
