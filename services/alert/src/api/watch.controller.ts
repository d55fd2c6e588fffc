import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import { Body, Controller, Extension, Get, Header, Put, Request, Route, Security, Tags } from '@tsoa/runtime';
import type { KeepSettings } from '../domain/keep-settings.js';
import type { Settings } from '../domain/settings.js';
import {
  type SightResponse,
  toSightResponse,
  toWatchSettingsResponse,
  type WatchSettingsRequest,
  type WatchSettingsResponse,
} from './watch.dto.js';

@Route('api/alert-watch')
@Tags('Alert watch')
export class WatchController extends Controller {
  constructor(
    private readonly settings: KeepSettings,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @summary How the practice watches */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'alertSettings', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async read(@Request() request: AuthenticatedRequest): Promise<WatchSettingsResponse> {
    return this.answer(await this.settings.read(request.user));
  }

  /**
   * It is off in a new practice until an admin turns it on. This is no certified medical device and no emergency care: patients must
   * know that nobody watches live, and to call 15 in an emergency.
   * @summary Turn the watch on or off, and say how it watches
   */
  @Put()
  @Security('bearer')
  @Extension('x-access', { resource: 'alertSettings', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async change(
    @Body() body: WatchSettingsRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<WatchSettingsResponse> {
    return this.answer(await this.settings.change(body, versionFromIfMatch(ifMatch), request.user));
  }

  /**
   * Whether readings come and are looked at. Whoever cannot have this answer is blind as well.
   * @summary Whether the watch sees
   */
  @Get('heartbeat')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertHeartbeat', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async heartbeat(@Request() request: AuthenticatedRequest): Promise<SightResponse> {
    const { state, beats } = await this.settings.sight(request.user);
    this.setHeader('Cache-Control', 'no-store');
    return toSightResponse(state, beats, this.clock.now());
  }

  private answer(settings: Settings): WatchSettingsResponse {
    this.setHeader('ETag', etagOf(settings.version));
    return toWatchSettingsResponse(settings);
  }
}
