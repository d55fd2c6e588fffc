import type { IncomingMessage } from 'node:http';
import { instanceJson } from '../codecs/json-codec.js';
import { RefusedRegistration, readInstance } from '../codecs/read-instance.js';
import { RegistryFull } from '../domain/capacity.js';
import { sendNothing } from '../http/answer.js';
import { readBody } from '../http/body.js';
import { Refusal } from '../http/refusal.js';
import type { Handler } from '../http/router.js';
import { type ReceivedTask, readBatch, writeResults } from '../peers/replication-codec.js';
import type { EurekaContext } from './context.js';

// A batch of 250 registrations as large as they may be. Few are read at once, which bounds their memory: peers are few too,
// and come again when this registry is busy.
const batchBodies = 250;
const readAtOnceMax = 8;

interface Outcome {
  statusCode: number;
  /** In JSON. */
  entity?: string;
}

/** What a peer tells in one request; each task has an answer of its own. */
export function replicate(context: EurekaContext): Handler {
  let reading = 0;
  const read = async (req: IncomingMessage): Promise<ReceivedTask[]> => {
    if (reading >= readAtOnceMax) throw new Refusal(503, 'Busy with other batches');
    reading += 1;
    try {
      return readBatch(await readBody(req, batchBodies * context.bodyBytesMax));
    } finally {
      reading -= 1;
    }
  };
  return async ({ req, res }) => {
    const tasks = await read(req);
    res.setHeader('Content-Type', 'application/json');
    sendNothing(res, 200, writeResults(tasks.map((task) => perform(task, context))));
  };
}

function perform(task: ReceivedTask, context: EurekaContext): Outcome {
  try {
    return { statusCode: 200, ...take(task, context) };
  } catch (error) {
    if (error instanceof RefusedRegistration) return { statusCode: 400 };
    if (error instanceof RegistryFull) return { statusCode: 503 };
    throw error;
  }
}

function take(task: ReceivedTask, { replicated, registry, time }: EurekaContext): Partial<Outcome> {
  const { app, instanceId, lastDirtyAt, override, status } = task;
  const key = { app, instanceId };
  const word = { isReplication: true, lastDirtyAt, override };
  switch (task.action) {
    case 'Register': {
      const { facts, terms } = readInstance(task.instance, app, time.now().getTime());
      replicated.register(facts, terms, word);
      return {};
    }
    case 'Heartbeat': {
      const renewal = replicated.renew(key, word);
      const known = renewal === 'conflict' ? registry.find(key) : undefined;
      if (known) return { statusCode: 409, entity: instanceJson(known) };
      return { statusCode: renewal === 'register' ? 404 : 200 };
    }
    case 'Cancel':
      return { statusCode: replicated.cancel(key, word) ? 200 : 404 };
    case 'StatusUpdate':
      if (!status) return { statusCode: 500 };
      return { statusCode: replicated.overrideStatus(key, status, word) ? 200 : 404 };
    case 'DeleteStatusOverride':
      return { statusCode: replicated.removeOverride(key, status, word) ? 200 : 404 };
  }
}
