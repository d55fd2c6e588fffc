import type { DeviceResponse, PairedDeviceResponse } from './device.dto.js';
import type { ImportResponse } from './import.dto.js';
import type { CurveResponse, ReadingsReport } from './reading.dto.js';

/** A made-up device. */
export const cuff: DeviceResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  name: 'Tensiomètre du salon',
  manufacturer: 'Omron',
  model: 'M7 Intelli IT',
  certainty: 'sure',
  pairedAt: '2026-11-20T16:02:11.000Z',
  seenAt: '2026-11-21T06:30:02.000Z',
};

/** The same, as it is shown once. */
export const pairedCuff: PairedDeviceResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  name: 'Tensiomètre du salon',
  manufacturer: 'Omron',
  model: 'M7 Intelli IT',
  certainty: 'sure',
  pairedAt: '2026-11-20T16:02:11.000Z',
  token: '3Yz1lV2mQm0F6l8l7b3mZ2y9cX0kq8pW5uT4sR1nE7A',
};

/** The same, no longer with its patient. */
export const unpairedCuff: DeviceResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  name: 'Tensiomètre du salon',
  manufacturer: 'Omron',
  model: 'M7 Intelli IT',
  certainty: 'sure',
  pairedAt: '2026-11-20T16:02:11.000Z',
  unpairedAt: '2026-11-22T10:00:00.000Z',
};

export const report: ReadingsReport = {
  stored: 1,
  known: 0,
  corrected: 0,
  refused: 1,
  outcomes: [
    { outcome: 'stored', readingId: '019a8f3e-5555-7c55-9b1c-3f1b8f5f2d11' },
    { outcome: 'refused', fields: [{ path: 'unit', code: 'UNIT_DOES_NOT_FIT', message: 'must be /min, {beats}/min' }] },
  ],
};

export const pulse: CurveResponse = {
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  code: '8867-4',
  name: 'Heart rate',
  unit: '/min',
  kind: 'level',
  resolution: 'hourly',
  zone: 'Europe/Paris',
  from: '2026-11-20T06:00:00.000Z',
  to: '2026-11-20T10:00:00.000Z',
  items: [{ at: '2026-11-20T06:00:00.000Z', count: 58, low: 61, high: 112, mean: 74.5 }],
  gaps: [{ from: '2026-11-20T07:00:00.000Z', to: '2026-11-20T10:00:00.000Z' }],
};

export const imported: ImportResponse = {
  id: '019a8f3e-6666-7c55-9b1c-3f1b8f5f2d11',
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  format: 'apple-health',
  zone: 'Europe/Paris',
  bytes: 1_073_741_824,
  offset: 4_194_304,
  startedAt: '2026-11-20T16:02:11.000Z',
  changedAt: '2026-11-20T16:02:14.000Z',
  types: [{ code: '8867-4', stored: 11_021, known: 0, corrected: 0, refused: 1 }],
  leftOut: [{ type: 'HKQuantityTypeIdentifierFlightsClimbed', count: 311 }],
  refusals: [
    { path: 'value', code: 'NOT_A_NUMBER', message: 'must be a number of at most 10000000', reading: '8867-4' },
  ],
};

/** One that has just begun. */
export const begun: ImportResponse = {
  id: '019a8f3e-6666-7c55-9b1c-3f1b8f5f2d11',
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  format: 'apple-health',
  zone: 'Europe/Paris',
  bytes: 1_073_741_824,
  offset: 0,
  startedAt: '2026-11-20T16:02:11.000Z',
  changedAt: '2026-11-20T16:02:11.000Z',
  types: [],
  leftOut: [],
  refusals: [],
};
