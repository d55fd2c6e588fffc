import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Path,
  Post,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { KeepDevices, WithToken } from '../domain/keep-devices.js';
import type { Uuid } from './common.dto.js';
import {
  type DeviceList,
  type DeviceRequest,
  type DeviceResponse,
  type PairedDeviceResponse,
  type PairingRequest,
  toDeviceResponse,
} from './device.dto.js';
import { cuff, pairedCuff, unpairedCuff } from './examples.js';

@Route('api/devices')
@Tags('Devices')
export class DevicesController extends Controller {
  constructor(private readonly devices: KeepDevices) {
    super();
  }

  /**
   * By the patient, who acts for them, who treats them, or a secretary. The answer has the device's own token, this once: no answer
   * is kept, and a token that was lost on its way is replaced by pairing the device again.
   * @summary Pair a new device with a patient
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'device', action: 'pair', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId', 'answer.patientId'])
  @Extension('x-answer-kept', false)
  @SuccessResponse(201, 'Paired')
  @Response<Problem>(409, 'The patient has fifty devices already')
  @Response<Problem>(410, 'The patient was erased')
  @Example<PairedDeviceResponse>(pairedCuff)
  async register(@Body() body: DeviceRequest, @Request() request: AuthenticatedRequest): Promise<PairedDeviceResponse> {
    const registered = await this.devices.register(body, request.user);
    this.setStatus(201);
    return withToken(registered);
  }

  /**
   * Also those that were with the patient, until when; of what became of them since, nothing is told.
   * @summary List the devices of a patient
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'device', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  @Response<Problem>(410, 'The patient was erased')
  @Example<DeviceList>({ items: [cuff] })
  async list(@Query() patientId: Uuid, @Request() request: AuthenticatedRequest): Promise<DeviceList> {
    return { items: (await this.devices.listOf(patientId, request.user)).map(toDeviceResponse) };
  }

  /**
   * To another patient after the one before, to whom what it measured until now belongs; or to the same, for another token or
   * certainty. The token of before opens nothing any more.
   * @summary Hand a device to a patient
   */
  @Post('{id}/pair')
  @Security('bearer')
  @Extension('x-access', { resource: 'device', action: 'pair', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Paired')
  @Response<Problem>(409, 'The patient has fifty devices already')
  @Response<Problem>(410, 'The patient was erased')
  @Example<PairedDeviceResponse>(pairedCuff)
  async pair(
    @Path() id: Uuid,
    @Body() body: PairingRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<PairedDeviceResponse> {
    return withToken(await this.devices.pair(id, body, request.user));
  }

  /**
   * The device sends nothing more; what it measured stays. One that is with nobody stays as it is.
   * @summary Take a device from a patient
   */
  @Post('{id}/unpair')
  @Security('bearer')
  @Extension('x-access', { resource: 'device', action: 'unpair', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(200, 'Unpaired')
  @Response<Problem>(410, 'The patient was erased')
  @Example<DeviceResponse>(unpairedCuff)
  async unpair(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<DeviceResponse> {
    return toDeviceResponse(await this.devices.unpair(id, request.user));
  }
}

const withToken = ({ device, token }: WithToken): PairedDeviceResponse => ({ ...toDeviceResponse(device), token });
