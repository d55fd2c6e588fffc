import { requireRole } from '@cabinet/kit/access/authenticate';
import { anyFilter, oneFilter } from '@cabinet/kit/http/dead-letter-filter';
import { Router } from 'express';
import type { DeadLetter, DeadLetterReason, DeadLetterStore } from '../sidecar/dead-letters.js';
import type { ReceivedEvent } from '../sidecar/deliveries.js';
import type { EventReceiver } from '../sidecar/event-receiver.js';

const listedAtOnce = 100;
/** The gateway waits for five seconds. */
const replayMsMax = 3_000;

/**
 * Where admins see which events could not be handled and why, and let them go again or drop them. The gateway asks all
 * services for it (`/api/system/dead-letters`); it stands in no service's OpenAPI document.
 */
export function deadLetterRoutes(receiver: EventReceiver, kept: DeadLetterStore): Router {
  const router = Router();
  router.use('/system/dead-letters', (req, _res, next) => {
    requireRole(req, ['admin']);
    next();
  });
  router.get('/system/dead-letters', async (req, res) => {
    const meant = anyFilter(req.query);
    const [reasons, letters] = await Promise.all([kept.reasons(), kept.list(meant, listedAtOnce)]);
    res.json({ reasons: reasons.map(toReason), items: letters.map(toItem) });
  });
  router.post('/system/dead-letters/replay', async (req, res) => {
    res.status(202).json(await receiver.replay(oneFilter(req.body), replayMsMax));
  });
  router.post('/system/dead-letters/drop', async (req, res) => {
    res.json({ count: await kept.drop(oneFilter(req.body)) });
  });
  return router;
}

const toReason = ({ failure, ...reason }: DeadLetterReason) => ({ ...reason, ...failure });

const toItem = ({ topic, eventId, type, failure, tries, firstAt, lastAt, event }: DeadLetter) => ({
  topic,
  eventId,
  type,
  ...failure,
  tries,
  firstAt,
  lastAt,
  ...(event && aboutOf(event)),
});

/** Of each event at most. */
const namesMax = 30;
const isName = (text: string): boolean => /^[A-Za-z][\w-]{0,49}$/.test(text);

/**
 * What an event is about: who told it, when, and what it says something of, by name. Nothing of what it says, for that one could not be
 * handled, and nobody knows what stands in it; what is no name is left out for the same reason.
 */
function aboutOf({ source, time, data }: ReceivedEvent) {
  const toldAt = time === undefined || Number.isNaN(Date.parse(time)) ? undefined : new Date(time).toISOString();
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  return {
    ...(isName(source) && { source }),
    ...(toldAt && { toldAt }),
    holds: isObject ? Object.keys(data).filter(isName).slice(0, namesMax) : [],
  };
}
