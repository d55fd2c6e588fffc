import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Put,
  Request,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { KeepPreferences } from '../domain/preferences/keep-preferences.js';
import type { Preferences } from '../domain/preferences/preferences.js';
import type { Uuid } from './common.dto.js';
import { preferences } from './examples.js';
import type { PreferencesRequest, PreferencesResponse, UnwantedDto } from './preference.dto.js';

@Route('api/notification-preferences')
@Tags('Notification preferences')
export class PreferencesController extends Controller {
  constructor(private readonly keep: KeepPreferences) {
    super();
  }

  /** @summary Read which messages a patient does not want */
  @Get('{patientId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationPreference', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Example<PreferencesResponse>(preferences)
  async get(@Path() patientId: Uuid, @Request() request: AuthenticatedRequest): Promise<PreferencesResponse> {
    return this.answer(await this.keep.get(patientId, request.user));
  }

  /**
   * By topic and channel. What is about somebody's access is told to them whatever they want.
   * @summary Set which messages a patient does not want
   */
  @Put('{patientId}')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationPreference', action: 'set', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Example<PreferencesResponse>(preferences)
  async set(
    @Path() patientId: Uuid,
    @Body() body: PreferencesRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<PreferencesResponse> {
    return this.answer(await this.keep.set({ patientId, ...body }, versionFromIfMatch(ifMatch), request.user));
  }

  private answer({ unwanted, ...its }: Preferences): PreferencesResponse {
    this.setHeader('ETag', etagOf(its.version));
    return { ...its, unwanted: unwanted as UnwantedDto[] };
  }
}
