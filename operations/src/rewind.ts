import type { Admin } from 'kafkajs';
import { type KafkaLogin, kafkaClient } from '../../dev/src/servers/kafka.ts';
import { until } from '../../dev/src/wait.ts';

/** Clocks differ, and a fact may have been on its way when its consumer's database was copied. */
const marginMs = 10 * 60_000;

/**
 * Lets a consumer hear again what was told since a moment: its database forgot it. What it still remembers it recognises by
 * its inbox. Nobody of the group may be listening.
 * @param group the name of the process, as its sidecar has it
 */
export async function rewind(kafka: KafkaLogin, group: string, topics: string[], since: Date): Promise<void> {
  if (topics.length === 0) return;
  const admin = kafkaClient(kafka, 'cabinet-restore').admin();
  await admin.connect();
  try {
    for (const topic of topics) await rewindTopic(admin, group, topic, since.getTime() - marginMs);
  } finally {
    await admin.disconnect();
  }
}

async function rewindTopic(admin: Admin, groupId: string, topic: string, sinceMs: number): Promise<void> {
  // A broker that was just made has no place for groups yet.
  const [committed] = await patiently(() => admin.fetchOffsets({ groupId, topics: [topic] }));
  const told = await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs);
  const offsets = new Map(told.map(({ partition, offset }) => [partition, Number(offset)]));
  const partitions = (committed?.partitions ?? [])
    .map(({ partition, offset }) => ({ partition, held: Number(offset), told: offsets.get(partition) ?? 0 }))
    // What it has not read at all it reads from the beginning anyway.
    .filter((each) => each.held > each.told && each.told >= 0)
    .map((each) => ({ partition: each.partition, offset: String(each.told) }));
  if (partitions.length === 0) return;
  // The broker refuses while it still counts on a member that has just left.
  await patiently(() => admin.setOffsets({ groupId, topic, partitions }));
}

const patiently = <T>(ask: () => Promise<T>): Promise<T> => until(ask, AbortSignal.timeout(60_000), 500);
