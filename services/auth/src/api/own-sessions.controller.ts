import type { Principal } from '@cabinet/kit/access/principal';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Path,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { KeepSessions } from '../domain/keep-sessions.js';
import { type SessionList, toSessionResponse } from './session.dto.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

@Route('api/auth/sessions')
@Tags('Sessions')
@Security('bearer', ['patient', 'practitioner', 'secretary', 'admin'])
@Response<Problem>(401, 'There is no valid access token')
export class OwnSessionsController extends Controller {
  constructor(private readonly sessions: KeepSessions) {
    super();
  }

  /**
   * The one used last first, 100 at most.
   * @summary List where I am signed in
   */
  @Get()
  @Extension('x-access', { resource: 'ownSession', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', 'noted')
  @Example<SessionList>({
    items: [
      {
        id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
        createdAt: '2026-11-23T08:30:00.000Z',
        lastUsedAt: '2026-11-23T11:05:00.000Z',
        endsAt: '2026-11-30T08:30:00.000Z',
        device: 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0',
        current: true,
      },
    ],
  })
  async list(@Request() request: WithUser): Promise<SessionList> {
    const sessions = await this.sessions.list(request.user);
    return { items: sessions.map(toSessionResponse) };
  }

  /**
   * Ends every session but the one this is asked in, and within ten seconds every access token that was given in them.
   * @summary Sign out everywhere else
   */
  @Delete()
  @Extension('x-access', { resource: 'ownSession', action: 'end', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Ended')
  async endOthers(@Request() request: WithUser): Promise<void> {
    await this.sessions.endOthers(request.user);
    this.setStatus(204);
  }

  /**
   * Ends one of the own sessions, and within ten seconds every access token that was given in it.
   * @summary Sign out somewhere
   */
  @Delete('{id}')
  @Extension('x-access', { resource: 'ownSession', action: 'end', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Ended')
  @Response<Problem>(404, 'AUTH.NO_SUCH_SESSION')
  async end(@Path() id: Uuid, @Request() request: WithUser): Promise<void> {
    await this.sessions.endOne(id, request.user);
    this.setStatus(204);
  }
}
