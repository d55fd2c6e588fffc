import type { Device, Pairing } from './device.js';
import type { FileImport, ImportProgress } from './file-import.js';
import type { Certainty, Flag, Reading } from './reading.js';

/** Patients who were merged or erased. */
export interface Patients {
  /** The id that a patient goes by now, and those they went by before; undefined for one who was erased. */
  namesOf(patientId: string): Promise<[current: string, ...others: string[]] | undefined>;
}

export interface Devices {
  find(id: string): Promise<Device | undefined>;
  findByToken(tokenHash: string): Promise<Device | undefined>;
  /** Those that are or were with a patient, the last paired first. */
  listOf(patientId: string): Promise<Device[]>;
  /**
   * Stores a device with its first pairing, and tells it.
   * @throws PatientErased (410), TooManyDevices (409)
   */
  add(device: Device, tokenHash: string): Promise<Device>;
  /**
   * Ends the present pairing, if any, begins the next, if any, and puts another token in the place of the one before, if any.
   * Tells each. Nobody else changes the device meanwhile.
   * @throws DeviceNotFound (404), PatientErased (410), TooManyDevices (409)
   */
  change(id: string, decide: (current: Device) => DeviceChange): Promise<Device>;
  /** Who had each of the devices when, the last pairing last: for a reading, whose it is. */
  pairingsOf(deviceIds: readonly string[]): Promise<Map<string, Pairing[]>>;
  /** That it was heard of; once a minute is enough. */
  noteSeen(deviceId: string, at: Date): Promise<void>;
}

export interface DeviceChange {
  /** The present pairing ends at that time. */
  endsAt?: Date;
  begins?: Pairing;
  /** Null: the device has none any more. */
  tokenHash?: string | null;
}

/** A reading that is told, with its id, and of whom it is. */
export interface ToldReading {
  id: string;
  patientId: string;
  reading: Reading;
  receivedAt: Date;
  isCorrectionOf?: string;
}

/** Readings that are too old to be told one by one. */
export interface ToldHistory {
  patientId: string;
  code: string;
  count: number;
  from: Date;
  to: Date;
}

/** What became of a reading. `known`: it was there, or stands corrected; nothing was changed. */
export type Taken = { kind: 'stored' | 'known' | 'corrected'; readingId: string };

export interface Readings {
  /**
   * Stores readings of one patient and tells what is new, all or none; each is taken in the order in which they come.
   * @returns what became of each, in the same order
   * @throws PatientErased (410)
   */
  store(patientId: string, readings: readonly Reading[], receivedAt: Date): Promise<Taken[]>;
  /** One point for each reading, in the order of time; one more than `limit` when there are more. */
  raw(question: CurveQuestion, limit: number): Promise<RawPoint[]>;
  /** One point for each hour or day in which there are readings. */
  summed(question: CurveQuestion & { by: 'hour' | 'day'; zone: string }): Promise<SummedPoint[]>;
  /** What there is of a patient, by code. */
  summary(patientId: string): Promise<ReadingSummary[]>;
  /** Everything, by code, a part at a time: as it stands, or what was corrected, as it was before. */
  all(patientId: string, as: 'present' | 'corrected'): AsyncIterable<{ code: string; points: RawPoint[] }>;
  /** How many facts wait to be told. */
  untold(): Promise<number>;
}

export interface CurveQuestion {
  patientId: string;
  code: string;
  from: Date;
  /** Not itself. */
  to: Date;
}

export interface RawPoint {
  id: string;
  at: Date;
  /** Minutes by which the clock was ahead of UTC. */
  offset: number;
  value: number;
  seconds?: number;
  receivedAt: Date;
  version: number;
  certainty: Certainty;
  flags: Flag[];
  deviceId?: string;
  origin: string;
}

export interface SummedPoint {
  /** When it begins. */
  at: Date;
  /** How many readings of which the owner is not in doubt, and none absurd. */
  count: number;
  low: number;
  high: number;
  mean: number;
  /** Of one origin, the one that has most. */
  total: number;
}

export interface ReadingSummary {
  code: string;
  first: Date;
  last: Date;
  lastValue: number;
}

export interface FileImports {
  find(id: string): Promise<FileImport | undefined>;
  /** All of a patient, the first begun first. */
  listOf(patientId: string): Promise<ImportProgress[]>;
  /**
   * Of one patient five are open at most: of those that are more it forgets what was left untouched longest.
   * @throws PatientErased (410)
   */
  add(started: FileImport): Promise<FileImport>;
  /** @returns false, and changes nothing, when another part has been read meanwhile */
  save(next: FileImport, readBefore: number): Promise<boolean>;
  /** Forgets those that have not ended, and of which nothing has come since. @returns how many there were */
  forgetUntouched(since: Date): Promise<number>;
}
