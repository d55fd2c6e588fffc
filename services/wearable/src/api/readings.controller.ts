import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  NoSecurity,
  Post,
  Queries,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FindReadings } from '../domain/find-readings.js';
import type { TakeReadings } from '../domain/take-readings.js';
import type { Instant, LoincCode, Uuid } from './common.dto.js';
import { pulse, report } from './examples.js';
import {
  type CurveResponse,
  type DeviceReadingsRequest,
  type ReadingsReport,
  type ReadingsRequest,
  type SummaryResponse,
  toCurveResponse,
  toReport,
  toSource,
  toSummary,
} from './reading.dto.js';

interface CurveQuery {
  patientId: Uuid;
  code: LoincCode;
  /** Whose first reading is not before it. */
  from: Instant;
  /** Whose last reading is before it; now, when it is left out. */
  to?: Instant;
  /** `raw` of at most 31 days, `hourly` of at most 370, `daily` of at most fifty years; `hourly` when it is left out. */
  resolution?: 'raw' | 'hourly' | 'daily';
  /**
   * IANA; in which a day begins at midnight. Europe/Paris when it is left out.
   * @maxLength 64
   */
  zone?: string;
}

@Route('api/readings')
@Tags('Readings')
export class ReadingsController extends Controller {
  constructor(
    private readonly taking: TakeReadings,
    private readonly find: FindReadings,
  ) {
    super();
  }

  /**
   * What an app reads from devices, or somebody writes. Each reading is stored, known already, a correction of what came before, or
   * refused by itself, and the report says which. The same batch again changes nothing, in whatever order batches come.
   * This is no emergency service: who needs help at once calls 15 or 112.
   * @summary Send readings of a patient
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'reading', action: 'record', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId'])
  @SuccessResponse(202, 'Taken; the report says what became of each')
  @Response<Problem>(410, 'The patient was erased')
  @Example<ReadingsReport>(report)
  async take(@Body() body: ReadingsRequest, @Request() request: AuthenticatedRequest): Promise<ReadingsReport> {
    const { patientId, source, readings } = body;
    const outcomes = await this.taking.take({ patientId, source, readings: readings.map(toSource) }, request.user);
    this.setStatus(202);
    return toReport(outcomes);
  }

  /**
   * By the device itself, with the token that was shown when it was paired. A reading is of the patient whom the device was with at
   * that time. Through the gateway, who has not signed in sends 8 KiB at once.
   * @summary Send readings of a device
   */
  @Post('from-device')
  @NoSecurity()
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(202, 'Taken; the report says what became of each')
  @Response<Problem>(403, 'No token, or one that opens nothing')
  @Response<Problem>(410, 'The patient was erased')
  @Example<ReadingsReport>(report)
  async takeFromDevice(
    @Body() body: DeviceReadingsRequest,
    @Header('Device-Token') deviceToken?: string,
  ): Promise<ReadingsReport> {
    const outcomes = await this.taking.takeFromDevice(deviceToken, body.readings.map(toSource));
    this.setStatus(202);
    return toReport(outcomes);
  }

  /**
   * As they were measured, or what there was in each hour or day. Where nothing was measured there is no point, and a gap says so.
   * @summary Read a curve
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'reading', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.patientId'])
  @Response<Problem>(410, 'The patient was erased')
  @Example<CurveResponse>(pulse)
  async curve(@Queries() query: CurveQuery, @Request() request: AuthenticatedRequest): Promise<CurveResponse> {
    const { resolution = 'hourly', ...asked } = query;
    return toCurveResponse(await this.find.curve({ ...asked, resolution }, request.user));
  }

  /**
   * Since when and until when, with the last value.
   * @summary List what is measured of a patient
   */
  @Get('summary')
  @Security('bearer')
  @Extension('x-access', { resource: 'readingSummary', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId'])
  @Response<Problem>(410, 'The patient was erased')
  async summary(@Query() patientId: Uuid, @Request() request: AuthenticatedRequest): Promise<SummaryResponse> {
    return { items: (await this.find.summary(patientId, request.user)).flatMap(toSummary) };
  }
}
