import { isFromSidecar } from '@cabinet/kit/access/authenticate';
import type { Logger } from '@cabinet/kit/observe/log';
import { Router } from 'express';

/** After so long each, in milliseconds: the subscription is there in a moment, or on a busy machine later. */
const afterMs = [2_000, 10_000, 60_000];

/**
 * `GET /dapr/subscribe`, which a sidecar asks when it begins to hear. It signs in to the broker of the devices before that, and what it
 * is brought until then it neither handles nor acknowledges: so it is made to sign in once more when it hears.
 * @param signInAnew cuts it off from the broker, to which it comes back at once
 */
export function sidecarStarts(
  signInAnew: () => Promise<void>,
  { config, log, closers }: { config: { APP_API_TOKEN?: string }; log: Logger; closers: AsyncDisposableStack },
): Router {
  let waiting: NodeJS.Timeout[] = [];
  const forget = () => {
    for (const timer of waiting) clearTimeout(timer);
    waiting = [];
  };
  closers.defer(forget);
  const failed = (error: unknown) => log.warn({ err: error }, 'the sidecar was not made to sign in anew at the broker');
  return Router().get('/dapr/subscribe', (req, res) => {
    if (isFromSidecar(req, config.APP_API_TOKEN)) {
      forget();
      waiting = afterMs.map((ms) => setTimeout(() => void signInAnew().catch(failed), ms).unref());
    }
    // What it hears stands in dapr/subscriptions.
    res.json([]);
  });
}
