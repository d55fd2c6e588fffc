import type { Readable } from 'node:stream';
import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import { eventStream, eventStreamHeaders, positionOf } from '@cabinet/service/live/event-stream';
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
    const after = positionOf(lastEventId);
    const follower = await this.agendas.follow(practitionerIds, after, request.user);
    for (const [name, value] of Object.entries(eventStreamHeaders)) this.setHeader(name, value);
    return eventStream(request, follower, query.seconds ?? secondsMax, (actor) =>
      this.agendas.askAgain(practitionerIds, actor),
    );
  }
}
