import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { readWrittenTime } from '@cabinet/service/written-time';
import type { WhoMay } from './access.js';
import { type Device, type DeviceDetails, existing, hashOf, isPaired, newToken, readDetails } from './device.js';
import { DeviceNotFound, NotYours } from './errors.js';
import type { Devices } from './ports.js';
import type { Certainty } from './reading.js';

export interface PairingOrder {
  patientId: string;
  /** `sure` when it is left out. */
  certainty?: Certainty;
}

export interface Registration extends PairingOrder, DeviceDetails {
  /** Since when the patient has had it (RFC 3339): what it kept until now is theirs. Left out: now. */
  since?: string;
}

/** A device, with the token that was made for it. */
export interface WithToken {
  device: Device;
  token: string;
}

export class KeepDevices {
  constructor(
    private readonly devices: Devices,
    private readonly may: WhoMay,
    private readonly clock: Clock,
  ) {}

  /** @throws NotYours (403), InvalidInput (422), TooManyDevices (409), PatientErased (410) */
  async register(order: Registration, actor: Principal): Promise<WithToken> {
    const patientId = await this.may.letIn(order.patientId, actor);
    const details = readDetails(order);
    const now = this.clock.now();
    const pairing = {
      id: newId(),
      patientId,
      certainty: order.certainty ?? 'sure',
      since: readSince(order.since, now),
    };
    const token = newToken();
    const device = { id: effectOfRequest().id, ...details, pairing, createdAt: now };
    return { device: await this.devices.add(device, hashOf(token)), token };
  }

  /** Those that are or were with a patient. @throws NotYours (403), PatientErased (410) */
  async listOf(patientId: string, actor: Principal): Promise<Device[]> {
    return this.devices.listOf(await this.may.letIn(patientId, actor));
  }

  /**
   * Hands a device to a patient: to another one after the one before, whose readings stay theirs, or to the same once more. The token
   * of before opens nothing then.
   * @throws DeviceNotFound (404), also for one that is with a patient of others; as `register`
   */
  async pair(id: string, order: PairingOrder, actor: Principal): Promise<WithToken> {
    await this.found(id, actor);
    const patientId = await this.may.letIn(order.patientId, actor);
    const token = newToken();
    const device = await this.devices.change(id, (current) => {
      const now = this.clock.now();
      const certainty = order.certainty ?? 'sure';
      const tokenHash = hashOf(token);
      const goesOn = isPaired(current) && current.pairing.patientId === patientId;
      if (goesOn && current.pairing.certainty === certainty) return { tokenHash };
      const endsAt = isPaired(current) ? now : undefined;
      return { endsAt, begins: { id: newId(), patientId, certainty, since: now }, tokenHash };
    });
    return { device, token };
  }

  /** Its token opens nothing from now on; one that is with nobody stays so. @throws DeviceNotFound (404) */
  async unpair(id: string, actor: Principal): Promise<Device> {
    await this.found(id, actor);
    return this.devices.change(id, (current) =>
      isPaired(current) ? { endsAt: this.clock.now(), tokenHash: null } : { tokenHash: null },
    );
  }

  /** A device of whoever may act for the patient whom it is or was with last. @throws DeviceNotFound (404) */
  private async found(id: string, actor: Principal): Promise<Device> {
    const device = existing(await this.devices.find(id));
    noteSubjects(device.pairing.patientId);
    try {
      await this.may.letIn(device.pairing.patientId, actor);
    } catch (error) {
      if (error instanceof NotYours) throw new DeviceNotFound();
      throw error;
    }
    return device;
  }
}

function readSince(text: string | undefined, now: Date): Date {
  if (text === undefined) return now;
  const { ms } = readWrittenTime(text, 'since');
  if (ms > now.getTime()) throw invalidField('since', 'IN_THE_FUTURE', 'must not be yet to come');
  return new Date(ms);
}
