import { createHash, randomBytes } from 'node:crypto';
import { FieldErrors } from '@cabinet/kit/errors';
import { tidyText } from '@cabinet/kit/text';
import { DeviceNotFound } from './errors.js';
import type { Certainty } from './reading.js';

/** That a device is or was with a patient. Of one device no two are at the same time. */
export interface Pairing {
  id: string;
  patientId: string;
  /** How sure it is that nobody else uses it. */
  certainty: Certainty;
  since: Date;
  /** Left out: it is there still. */
  until?: Date;
}

/** What measures at home, and sends what it measured by a token of its own. */
export interface Device {
  id: string;
  name: string;
  manufacturer?: string;
  model?: string;
  /** The last one, which may have ended. */
  pairing: Pairing;
  createdAt: Date;
  /** When it last sent something. */
  seenAt?: Date;
}

export interface DeviceDetails {
  name: string;
  manufacturer?: string;
  model?: string;
}

/** @throws InvalidInput (422) for a name that nobody can read */
export function readDetails({ name, manufacturer, model }: DeviceDetails): DeviceDetails {
  const errors = new FieldErrors();
  const tidied = tidyText(name);
  if (tidied === '') errors.add('name', 'REQUIRED', 'is required');
  errors.throwIfAny();
  return { name: tidied, manufacturer: optional(manufacturer), model: optional(model) };
}

const optional = (text = ''): string | undefined => tidyText(text) || undefined;

export const isPaired = ({ pairing }: Device): boolean => pairing.until === undefined;

/** @throws DeviceNotFound (404) */
export function existing(device: Device | undefined): Device {
  if (!device) throw new DeviceNotFound();
  return device;
}

/** What a device shows for itself: 256 bits, which nobody guesses. Only its digest is kept, so it is shown this once. */
export const newToken = (): string => randomBytes(32).toString('base64url');
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
export const isToken = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** What a device had kept when it was handed on comes soon, or not at all. */
const keptMsMax = 48 * 3_600_000;

/**
 * Whose a reading is that a device itself sends. Of somebody with whom it is no more, for two days: what it had kept comes by then,
 * and whoever has it now must not be able to write of days long past.
 * @param pairings all of the device, the last one last
 */
export function senderAt(pairings: readonly Pairing[], ms: number, now: Date): Pairing | undefined {
  const pairing = pairingAt(pairings, ms);
  if (!pairing || !isWithAnother(pairing, pairings)) return pairing;
  return now.getTime() - (pairing.until?.getTime() ?? 0) <= keptMsMax ? pairing : undefined;
}

/** Whether somebody else has had the device since. */
export const isWithAnother = ({ patientId }: Pairing, pairings: readonly Pairing[]): boolean =>
  pairings.at(-1)?.patientId !== patientId;

/** Whose a reading is: who had the device at that time. */
export const pairingAt = (pairings: readonly Pairing[], ms: number): Pairing | undefined =>
  pairings.find(({ since, until }) => since.getTime() <= ms && (until === undefined || ms < until.getTime()));
