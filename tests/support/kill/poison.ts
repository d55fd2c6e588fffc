import { randomUUID } from 'node:crypto';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { secret } from '../../../dev/src/secrets.ts';
import { writeToTopic } from '../kafka.ts';
import { platform } from '../platform.ts';
import type { Ledger } from './work.ts';

/** Puts a reading that is none among those of somebody, as a defect of who tells them would: those behind it must not be lost. */
export async function poison({ watched, poison: known }: Ledger): Promise<void> {
  const patientId = watched?.patientId ?? '';
  const at = new Date().toISOString();
  const what = { readingId: randomUUID(), patientId, code: '8867-4', unit: '/min', value: 'high' };
  const event = {
    id: randomUUID(),
    type: 'reading-taken',
    source: 'wearable',
    specversion: '1.0',
    time: at,
    datacontenttype: 'application/json',
    partitionkey: patientId,
    data: { ...what, effectiveAt: at, receivedAt: at, certainty: 'sure', flags: [] },
  };
  const keys = new EventKeys(new Map([['wearable', [secret(platform().home, 'event-key-wearable')]]]));
  const signed = { ...event, signature: keys.sign('readings', event) };
  // The broker may be what was killed: nobody knows then whether it took it.
  const isSure = await writeToTopic(platform().kafka, 'readings', patientId, Buffer.from(JSON.stringify(signed))).then(
    () => true,
    () => false,
  );
  known.push({ id: event.id, isSure });
}
