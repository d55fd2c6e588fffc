import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, ApiClient } from '../api-client.ts';
import { Problem } from '../problem.ts';
import type { DeviceKind } from './person.ts';
import type { SimulatedReading } from './readings.ts';

/** What became of everything that was sent. */
export interface Tally {
  stored: number;
  known: number;
  corrected: number;
  refused: number;
  /** How often the practice asked for patience (429, 503). */
  waits: number;
  /** Of what was refused, by field and code. */
  refusals: Record<string, number>;
}

export const newTally = (): Tally => ({ stored: 0, known: 0, corrected: 0, refused: 0, waits: 0, refusals: {} });

export interface PairedDevice {
  kind: DeviceKind;
  token: string;
}

const names: Record<DeviceKind, { name: string; manufacturer: string; model: string }> = {
  watch: { name: 'Montre', manufacturer: 'Simulation', model: 'Watch' },
  cuff: { name: 'Tensiomètre', manufacturer: 'Simulation', model: 'Cuff' },
  scale: { name: 'Balance', manufacturer: 'Simulation', model: 'Scale' },
  thermometer: { name: 'Thermomètre', manufacturer: 'Simulation', model: 'Thermometer' },
  sensor: { name: 'Capteur de glycémie', manufacturer: 'Simulation', model: 'Sensor' },
};

interface Listed {
  id: string;
  manufacturer?: string;
  model?: string;
  unpairedAt?: string;
}

/**
 * The devices of a patient, as the desk hands them out. One that an earlier simulation paired is taken again, so that what it sends
 * again is known.
 */
export async function pairDevices(
  desk: ApiClient,
  patientId: string,
  kinds: readonly DeviceKind[],
  since: string,
): Promise<PairedDevice[]> {
  const { items } = (await desk.get(`/api/devices?patientId=${patientId}`)) as { items: Listed[] };
  const paired: PairedDevice[] = [];
  for (const kind of kinds) {
    const { manufacturer, model } = names[kind];
    const there = items.find(
      (each) => each.manufacturer === manufacturer && each.model === model && each.unpairedAt === undefined,
    );
    const { token } = there
      ? await desk.send('POST', `/api/devices/${there.id}/pair`, { patientId })
      : await desk.send('POST', '/api/devices', { patientId, ...names[kind], since });
    paired.push({ kind, token });
  }
  return paired;
}

/** Of who has not signed in the gateway takes 8 KiB at once. */
const batchBytesMax = 8_000;

/** In batches that the gateway takes. */
export function batchesOf(readings: readonly SimulatedReading[]): string[] {
  const batches: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { at: _at, ...said } of readings) {
    const text = JSON.stringify(said);
    if (bytes + text.length + 1 > batchBytesMax) {
      batches.push([]);
      bytes = '{"readings":[]}'.length;
    }
    batches.at(-1)?.push(text);
    bytes += text.length + 1;
  }
  return batches.map((batch) => `{"readings":[${batch.join(',')}]}`);
}

const triesMax = 60;
const waitSecondsMax = 60;

/**
 * Sends what a device measured, by the device's own token. When the practice has too much at once (429), or is not there for the moment
 * (502 to 504), the same batch is sent again after as long as it asks for: what had been stored of it is known then.
 * @throws Problem when it is refused as a whole, or nobody answers in an hour
 */
export async function sendReadings(
  gateway: string,
  token: string,
  readings: readonly SimulatedReading[],
  tally: Tally,
  pause: (ms: number) => Promise<unknown> = delay,
): Promise<void> {
  for (const body of batchesOf(readings)) {
    for (let tries = 1; ; tries += 1) {
      const headers = { 'content-type': 'application/json', 'device-token': token };
      const response = await fetch(`${gateway}/api/readings/from-device`, { method: 'POST', headers, body }).catch(
        (error: Error) => {
          throw new Problem(
            `${gateway} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`,
          );
        },
      );
      const answer: Answer = await response.json().catch(() => undefined);
      if (response.ok) {
        count(answer, tally);
        break;
      }
      const isPassing = response.status === 429 || (response.status >= 502 && response.status <= 504);
      if (!isPassing || tries === triesMax)
        throw new Problem(`POST /api/readings/from-device answered ${response.status} ${answer?.code ?? ''}`);
      tally.waits += 1;
      const asked = Number(response.headers.get('retry-after')) || 1;
      await pause(Math.min(asked, waitSecondsMax) * 1_000);
    }
  }
}

interface Report extends Record<'stored' | 'known' | 'corrected' | 'refused', number> {
  outcomes: { outcome: string; fields?: { path: string; code: string }[] }[];
}

function count(report: Report, tally: Tally): void {
  for (const what of ['stored', 'known', 'corrected', 'refused'] as const) tally[what] += report[what];
  for (const { path, code } of report.outcomes.flatMap(({ fields }) => fields ?? [])) {
    const why = `${path} ${code}`;
    tally.refusals[why] = (tally.refusals[why] ?? 0) + 1;
  }
}
