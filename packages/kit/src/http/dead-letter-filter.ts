import { z } from 'zod';
import { invalidField } from '../errors.js';

const filter = z.strictObject({
  topic: z.string().min(1).max(100).optional(),
  /** @example "EVENT.NOT_OF_ITS_FORM" */
  code: z.string().min(1).max(100).optional(),
  type: z.string().min(1).max(200).optional(),
  eventId: z.string().min(1).max(400).optional(),
});

/** Which dead letters are meant; all that is given has to fit. */
type DeadLetterFilter = z.infer<typeof filter>;

/**
 * Which dead letters a query means: all, when it does not say.
 * @throws InvalidInput (422) naming the field that says something else
 */
export function anyFilter(value: unknown): DeadLetterFilter {
  const read = filter.safeParse(value ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw invalidField(path || 'body', 'INVALID', 'is not one of topic, code, type and eventId, as texts');
}

/** The same for what changes them: all are never meant by leaving out which. */
export function oneFilter(value: unknown): DeadLetterFilter {
  const meant = anyFilter(value);
  if (Object.keys(meant).length === 0)
    throw invalidField('code', 'REQUIRED', 'say which: by topic, code, type or eventId');
  return meant;
}
