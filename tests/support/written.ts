import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { kafkaClient } from '../../dev/src/servers/kafka.ts';
import { readTopic } from './kafka.ts';
import { platform } from './platform.ts';

/** Something that the platform wrote, under the name of where. */
export type Written = [where: string, text: string];

/** What stands in each topic. */
export async function topics(): Promise<Written[]> {
  const broker = kafkaClient(platform().kafka, 'tests').admin();
  await broker.connect();
  const names = (await broker.listTopics()).filter((name) => !name.startsWith('__'));
  await broker.disconnect();
  expect(names).toContain('patient');
  return Promise.all(
    names.map(
      async (name): Promise<Written> => [`topic ${name}`, JSON.stringify(await readTopic(platform().kafka, name))],
    ),
  );
}

/** What each process and server has logged. */
export function logs(): Written[] {
  const folder = join(platform().home.folder, 'logs');
  const names = readdirSync(folder);
  expect(names).toEqual(expect.arrayContaining(['gateway.log', 'patient.log', 'patient-sidecar.log', 'postgres.log']));
  return names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}
