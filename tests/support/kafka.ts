import { type KafkaLogin, kafkaClient } from '../../dev/src/servers/kafka.ts';

/** Every event that stands in a topic now, in the order of its partitions. */
export async function readTopic(login: KafkaLogin, topic: string): Promise<unknown[]> {
  const kafka = kafkaClient(login, 'tests');
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const left = new Map(ends.map(({ partition, low, high }) => [partition, Number(high) - Number(low)]));
  const events: unknown[] = [];
  if ([...left.values()].every((count) => count === 0)) return events;
  const consumer = kafka.consumer({ groupId: `tests-${Date.now()}-${Math.random()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          events.push(JSON.parse(message.value?.toString() ?? 'null'));
          left.set(partition, (left.get(partition) ?? 0) - 1);
          if ([...left.values()].every((count) => count <= 0)) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return events;
}

/** Puts a message into a topic past every sidecar, as only somebody could who may write to the broker. */
export async function writeToTopic(login: KafkaLogin, topic: string, key: string, value: Buffer): Promise<void> {
  const producer = kafkaClient(login, 'tests').producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ key, value }] });
  await producer.disconnect();
}
