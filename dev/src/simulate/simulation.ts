import type { ApiClient } from '../api-client.ts';
import { dayAt, dayMs } from './local-time.ts';
import { type DeviceKind, dayOf, homeZone, type Person, personOf } from './person.ts';
import { readingsOf, type SimulatedReading } from './readings.ts';
import { newTally, type PairedDevice, pairDevices, sendReadings, type Tally } from './send.ts';

/** A simulated person, in the place of a patient of the practice. */
interface Simulated {
  person: Person;
  patientId: string;
  devices: PairedDevice[];
}

export interface SimulationOptions {
  gateway: string;
  /** Somebody at the desk, who pairs devices; asked for anew now and then, because a sign-in ends. */
  desk: () => Promise<ApiClient>;
  patientIds: readonly string[];
  days: number;
  seed: number;
  now: Date;
}

/** People are simulated so many at a time. */
const atOnce = 6;

/** People who measure at home, and what they have sent. */
export class Simulation {
  readonly tally: Tally = newTally();
  readonly #options: SimulationOptions;
  readonly #people: Simulated[] = [];
  #until: number;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#until = options.now.getTime();
  }

  get people(): number {
    return this.#people.length;
  }

  get devices(): number {
    return this.#people.reduce((sum, { devices }) => sum + devices.length, 0);
  }

  /** Pairs everybody's devices, and sends all days until now. @param told how many people are done */
  async sendPast(told: (people: number) => void, signal?: AbortSignal): Promise<void> {
    const { patientIds, days, seed, now, gateway } = this.#options;
    const from = now.getTime() - days * dayMs;
    const since = new Date(from).toISOString();
    const waiting = patientIds.map((patientId, nth) => ({ patientId, person: personOf(seed, nth) }));
    await inParallel(waiting, signal, async ({ patientId, person }) => {
      const devices = await pairDevices(await this.#options.desk(), patientId, person.devices, since);
      for (const { kind, token } of devices) {
        for (const readings of someAtOnce(deliveries(person, kind, from, now.getTime()))) {
          if (signal?.aborted) return;
          await sendReadings(gateway, token, readings, this.tally);
        }
      }
      this.#people.push({ person, patientId, devices });
      told(this.#people.length);
    });
  }

  /** Sends what everybody has measured since the last time. */
  async sendSince(now: Date, signal?: AbortSignal): Promise<void> {
    const from = this.#until;
    const to = now.getTime();
    await inParallel(this.#people, signal, async ({ person, devices }) => {
      for (const { kind, token } of devices) {
        const readings = measuredBetween(person, kind, from, to);
        if (readings.length > 0) await sendReadings(this.#options.gateway, token, readings, this.tally);
      }
    });
    this.#until = to;
  }
}

/** What a device has to send of the past, a day at a time: what did not come through is sent after the next day. */
export function* deliveries(person: Person, kind: DeviceKind, from: number, to: number): Generator<SimulatedReading[]> {
  let kept: SimulatedReading[][] = [];
  for (let day = dayAt(from, homeZone) - 1; day <= dayAt(to, homeZone) + 1; day += 1) {
    const readings = readingsOf(person, kind, day).filter(({ at }) => at >= from && at <= to);
    if (readings.length === 0) continue;
    if (dayOf(person, day).isOffline) {
      kept.push(readings);
      continue;
    }
    yield readings;
    yield* kept;
    kept = [];
  }
  yield* kept;
}

/** Enough to fill what is sent at once; days of a scale are small. */
const readingsAtOnce = 1_000;

function* someAtOnce(parts: Iterable<SimulatedReading[]>): Generator<SimulatedReading[]> {
  let some: SimulatedReading[] = [];
  for (const part of parts) {
    some.push(...part);
    if (some.length < readingsAtOnce) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** After `from`, until `to`. */
export function measuredBetween(person: Person, kind: DeviceKind, from: number, to: number): SimulatedReading[] {
  const found: SimulatedReading[] = [];
  // Elsewhere it may be another day.
  for (let day = dayAt(from, homeZone) - 1; day <= dayAt(to, homeZone) + 1; day += 1)
    found.push(...readingsOf(person, kind, day).filter(({ at }) => at > from && at <= to));
  return found;
}

/** The first that fails ends all. */
async function inParallel<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  let failed = false;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of rest) {
        if (failed || signal?.aborted) return;
        try {
          await work(item);
        } catch (error) {
          failed = true;
          throw error;
        }
      }
    }),
  );
}
