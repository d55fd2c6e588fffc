import { Router } from 'express';
import { z } from 'zod';
import { requireRole } from '../access/authenticate.js';
import { invalidField } from '../errors.js';
import type { DeadLetter, DeadLetterFilter, DeadLetterReason } from '../sidecar/dead-letters.js';
import type { EventReceiver } from '../sidecar/event-receiver.js';

const filter = z.strictObject({
  /** @example "EVENT.NOT_OF_ITS_FORM" */
  code: z.string().min(1).max(100).optional(),
  type: z.string().min(1).max(200).optional(),
  eventId: z.string().min(1).max(400).optional(),
});

const listedAtOnce = 100;

/**
 * Where admins see which events could not be handled and why, and let them go again or drop them. The gateway asks all
 * services for it (`/api/system/dead-letters`); it stands in no service's OpenAPI document.
 */
export function deadLetterRoutes(receiver: EventReceiver): Router {
  const router = Router();
  router.use('/system/dead-letters', (req, _res, next) => {
    requireRole(req, ['admin']);
    next();
  });
  router.get('/system/dead-letters', async (req, res) => {
    const meant = anyFilter(req.query);
    const [reasons, letters] = await Promise.all([receiver.reasons(), receiver.deadLetters(meant, listedAtOnce)]);
    res.json({ reasons: reasons.map(toReason), items: letters.map(toItem) });
  });
  router.post('/system/dead-letters/replay', async (req, res) => {
    res.status(202).json(await receiver.replay(oneFilter(req.body)));
  });
  router.post('/system/dead-letters/drop', async (req, res) => {
    res.json({ count: await receiver.drop(oneFilter(req.body)) });
  });
  return router;
}

/**
 * Which dead letters a query means: all, when it does not say.
 * @throws InvalidInput (422) naming the field that says something else
 */
export function anyFilter(value: unknown): DeadLetterFilter {
  const read = filter.safeParse(value ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw invalidField(path || 'body', 'INVALID', 'is not one of code, type and eventId, as texts');
}

/** The same for what changes them: all are never meant by leaving out which. */
export function oneFilter(value: unknown): DeadLetterFilter {
  const meant = anyFilter(value);
  if (Object.keys(meant).length === 0) throw invalidField('code', 'REQUIRED', 'say which: by code, type or eventId');
  return meant;
}

const toReason = ({ failure, ...reason }: DeadLetterReason) => ({ ...reason, ...failure });

const toItem = ({ topic, eventId, type, failure, tries, firstAt, lastAt }: DeadLetter) => ({
  topic,
  eventId,
  type,
  ...failure,
  tries,
  firstAt,
  lastAt,
});
