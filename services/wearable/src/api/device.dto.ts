import type { Device } from '../domain/device.js';
import type { CertaintyOfOwner, Instant, Uuid } from './common.dto.js';

/**
 * What people call it.
 * @minLength 1
 * @maxLength 100
 * @example "Tensiomètre du salon"
 */
export type DeviceName = string;

/**
 * @maxLength 100
 * @example "Omron"
 */
export type Manufacturer = string;

/**
 * @maxLength 100
 * @example "M7 Intelli IT"
 */
export type DeviceModel = string;

export interface DeviceRequest {
  patientId: Uuid;
  name: DeviceName;
  manufacturer?: Manufacturer;
  model?: DeviceModel;
  /** `sure` when it is left out. */
  certainty?: CertaintyOfOwner;
  /** Since when the patient has had it: what it kept from before is theirs. Now, when it is left out. */
  since?: Instant;
}

export interface PairingRequest {
  patientId: Uuid;
  /** `sure` when it is left out. */
  certainty?: CertaintyOfOwner;
}

export interface DeviceResponse {
  id: Uuid;
  patientId: Uuid;
  name: DeviceName;
  manufacturer?: Manufacturer;
  model?: DeviceModel;
  certainty: CertaintyOfOwner;
  pairedAt: Instant;
  /** Absent: it is with the patient still. */
  unpairedAt?: Instant;
  /** When it last sent something. */
  seenAt?: Instant;
}

export interface PairedDeviceResponse extends DeviceResponse {
  /**
   * What the device sends as `Device-Token`. It is shown this once.
   * @example "3Yz1lV2mQm0F6l8l7b3mZ2y9cX0kq8pW5uT4sR1nE7A"
   */
  token: string;
}

export interface DeviceList {
  items: DeviceResponse[];
}

export const toDeviceResponse = ({ id, name, manufacturer, model, pairing, seenAt }: Device): DeviceResponse => ({
  id,
  patientId: pairing.patientId,
  name,
  manufacturer,
  model,
  certainty: pairing.certainty,
  pairedAt: pairing.since.toISOString(),
  unpairedAt: pairing.until?.toISOString(),
  seenAt: seenAt?.toISOString(),
});
