import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { readWrittenTime } from '@cabinet/service/written-time';
import {
  Body,
  Controller,
  Extension,
  Get,
  Path,
  Post,
  Request,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { KeepSilences } from '../domain/keep-silences.js';
import type { Uuid } from './common.dto.js';
import { type SilenceList, type SilenceRequest, type SilenceResponse, toSilenceResponse } from './silence.dto.js';

const readTime = (text: string, field: string): Date => new Date(readWrittenTime(text, field).ms);

@Route('api/alert-silences')
@Tags('Alert silences')
export class SilencesController extends Controller {
  constructor(
    private readonly silences: KeepSilences,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @summary List the silences that have not ended */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'alertSilence', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  async list(@Request() request: AuthenticatedRequest): Promise<SilenceList> {
    return { items: (await this.silences.list(request.user)).map(toSilenceResponse) };
  }

  /**
   * Alerts of the patient, of the rule, or of both ring nobody meanwhile: they are in the list, and ring when it ends if they still go
   * on. What is of high priority rings all the same, and missing readings cannot be silenced.
   * @summary Silence alerts until a time
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'alertSilence', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId'])
  @SuccessResponse(201, 'Silenced')
  async add(@Body() body: SilenceRequest, @Request() request: AuthenticatedRequest): Promise<SilenceResponse> {
    const from = body.from === undefined ? this.clock.now() : readTime(body.from, 'from');
    const input = { ...body, from, until: readTime(body.until, 'until') };
    const silence = await this.silences.add(input, request.user);
    this.setStatus(201);
    return toSilenceResponse(silence);
  }

  /** @summary End a silence before its time */
  @Post('{id}/end')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertSilence', action: 'write', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  async end(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<SilenceResponse> {
    return toSilenceResponse(await this.silences.end(id, request.user));
  }
}
