import { InvalidInput } from '@cabinet/kit/errors';
import { readBodies, tidyAddress } from '@cabinet/kit/http/body';
import { networkOf } from '@cabinet/kit/http/network';
import { Counter } from '@cabinet/kit/observe/metrics';
import type { Express } from 'express';
import { z } from 'zod';
import type { PageParts } from './page-parts.js';

/** What the portal may say of a page that failed. Each part is of a form that holds no name, no id and no text of anybody. */
const failure = z.strictObject({
  /** The page by its pattern: words, and names of what varies. */
  page: z
    .string()
    .max(120)
    .regex(/^(?:\/|(?:\/(?:[a-z-]{1,40}|\$[a-zA-Z]{1,30})){1,8})$/),
  error: z.string().regex(/^[A-Z][A-Za-z]{0,39}$/),
  /** `assets/index-D3f_9aBc.js:1:2345`, the innermost first. */
  frames: z
    .array(
      z
        .string()
        .max(120)
        .regex(/^(?:assets|src)\/[\w./-]{1,90}:\d{1,7}:\d{1,7}$/),
    )
    .max(20),
  /** The first file of the build, whose name tells its content. */
  build: z.string().regex(/^[\w-]{1,40}$/),
  browser: z.enum(['chrome', 'edge', 'firefox', 'safari', 'other']),
});

const path = '/api/system/page-failures';
const bodyBytesMax = 4 * 1024;

/**
 * `POST /api/system/page-failures`, for anybody: the portal tells that a page of it has failed, and where in its own files. It is
 * counted, and is one line of the log. Few are taken of one address and of all, and none waits for a slow body.
 */
export function servePageFailures(app: Express, { metrics, rateLimits, log, reportMsMax }: PageParts): void {
  const failures = new Counter({
    name: 'gateway_page_failures_total',
    help: 'Pages of the portal that failed in a browser, by the kind of browser',
    labelNames: ['browser'],
    registers: [metrics.registry],
  });
  // The first of each would otherwise be no increase.
  for (const browser of failure.shape.browser.options) failures.inc({ browser }, 0);
  app.post(
    path,
    async (req, res, next) => {
      res.set('Cache-Control', 'no-store');
      await rateLimits.count('report', networkOf(String(req.headers['x-forwarded-for'])));
      await rateLimits.count('reports', 'all');
      const late = setTimeout(() => req.destroy(), reportMsMax);
      req.once('end', () => clearTimeout(late)).once('close', () => clearTimeout(late));
      next();
    },
    tidyAddress,
    readBodies({ jsonBytesMax: bodyBytesMax, valuesMax: 40 }),
    (req, res) => {
      const read = failure.safeParse(req.body ?? {});
      if (!read.success) throw new InvalidInput(fieldsOf(read.error.issues));
      failures.inc({ browser: read.data.browser });
      log.warn(read.data, 'a page of the portal failed');
      res.status(204).end();
    },
  );
}

/** Each field once. What was sent is not repeated: it may be what must not be sent. */
function fieldsOf(issues: z.core.$ZodIssue[]) {
  const message = 'is not of the form that the operation says';
  const paths = issues.map(
    ({ path: [name, nth] }) => `${String(name ?? 'body')}${nth === undefined ? '' : `[${String(nth)}]`}`,
  );
  return [...new Set(paths)].map((path) => ({ path, code: 'INVALID', message }));
}
