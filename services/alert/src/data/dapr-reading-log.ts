import { wearableClient } from '@cabinet/contracts';
import { Unavailable } from '@cabinet/kit/errors';
import type { Orm } from '@cabinet/postgres/orm';
import { answerOf, NeighbourRefused, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { Reading } from '../domain/engine/reading.js';
import type { ReadingLog } from '../domain/ports.js';

/** A raw curve, of which only these are needed. */
const curve = z.object({
  patientId: z.uuid(),
  code: z.string(),
  unit: z.string(),
  items: z.array(
    z.object({
      id: z.uuid(),
      at: z.string(),
      receivedAt: z.string(),
      value: z.number(),
      certainty: z.enum(['sure', 'likely', 'doubtful']),
      flags: z.array(z.string()).default([]),
    }),
  ),
});

const hourMs = 3_600_000;
/** The longest raw curve that is given at once. */
const spanMsMax = 30 * 24 * hourMs;
/** A month of readings is read from disk. */
const timeoutMs = 20_000;

/** What was measured, from the wearable service by the own sidecar; of whom, as far as readings were heard here. */
export class DaprReadingLog implements ReadingLog {
  private readonly wearableService: ReturnType<typeof wearableClient>;

  constructor(
    sidecar: SidecarAddress,
    private readonly orm: Orm,
  ) {
    const fetch = neighbour(sidecar, 'wearable', { timeoutMs });
    this.wearableService = wearableClient({ baseUrl: 'http://wearable', fetch });
  }

  async patients(since: Date): Promise<string[]> {
    // When somebody was last heard is known to an hour. Of very many nothing but their ids is held in memory.
    const rows = await this.orm.em
      .fork()
      .execute<{ id: string }[]>('select patient_id as id from heard_patient where last_at >= ? order by patient_id', [
        new Date(since.getTime() - hourMs),
      ]);
    return rows.map(({ id }) => id);
  }

  async readings(
    patientId: string,
    codes: readonly string[],
    from: Date,
    until: Date,
    max: number,
  ): Promise<Reading[]> {
    const found: Reading[] = [];
    const end = until.getTime();
    for (const code of codes) {
      let span = spanMsMax;
      for (let at = from.getTime(); at < end && found.length <= max; ) {
        const to = Math.min(at + span, end);
        const read = await this.between(patientId, code, at, to);
        if (read) {
          for (const reading of read) found.push(reading);
          at = to;
        } else {
          // So it goes on: what is measured as often before is not asked for in vain again.
          span = Math.ceil((to - at) / 2);
        }
      }
    }
    return found;
  }

  /** Undefined: more than is given at once. */
  private async between(patientId: string, code: string, from: number, to: number): Promise<Reading[] | undefined> {
    const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const query = { patientId, code, ...span, resolution: 'raw' as const };
    const asked = this.wearableService.GET('/api/readings', { params: { query } });
    try {
      const read = await answerOf('wearable', asked, curve);
      // Of a patient who was erased there is nothing.
      return read ? toReadings(read) : [];
    } catch (error) {
      if (!(error instanceof NeighbourRefused)) throw error;
      const isBecause = (reason: string) => error.fields.some((field) => field.code === reason);
      // A rule may be about what nobody measures here.
      if (isBecause('NOT_KEPT_HERE')) return [];
      if (!isBecause('TOO_MANY_POINTS') || to - from <= hourMs) throw unusable(error);
      return undefined;
    }
  }
}

const unusable = (cause: unknown) =>
  new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The wearable service did not give usable readings', { cause });

const toReadings = ({ patientId, code, unit, items }: z.infer<typeof curve>): Reading[] =>
  items.map(({ id: readingId, at: effectiveAt, ...reading }) => ({
    readingId,
    patientId,
    code,
    unit,
    effectiveAt,
    ...reading,
  }));
