import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export { AggregatorRegistry, Counter, Gauge, Histogram };

/** The metrics of one process: Node's own, and whatever the process adds to `registry`. */
export interface Metrics {
  registry: Registry;
  handler: RequestHandler;
}

/** What every process calls the time of its requests, and into which buckets they fall, in seconds. */
export const requestDuration = {
  name: 'http_server_request_duration_seconds',
  help: 'Time from the arrival of a request to the end of its answer',
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
};

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    handler: async (_req: Request, res: Response, _next: NextFunction) => {
      res.type(registry.contentType).send(await registry.metrics());
    },
  };
}

/** Of requests that end; for a process that does not answer through Express. */
export const requestDurations = ({ registry }: Metrics): Histogram<'method' | 'route' | 'status'> =>
  new Histogram({ ...requestDuration, labelNames: ['method', 'route', 'status'], registers: [registry] });

/** Records duration, method, route pattern and status of each request. */
export function observeRequests(metrics: Metrics): RequestHandler {
  const durations = requestDurations(metrics);
  return (req, res, next) => {
    const began = performance.now();
    res.on('close', () => {
      // How long somebody listened says nothing of how fast they were answered.
      if (String(res.getHeader('Content-Type')).startsWith('text/event-stream')) return;
      const labels = { method: req.method, route: routePattern(req), status: res.statusCode };
      durations.observe(labels, (performance.now() - began) / 1000);
    });
    next();
  };
}

/**
 * Counts refusals by their stable code, which tells more than a status.
 * @param codes begin at zero, so that the first refusal of each is an increase
 */
export function countProblems({ registry }: Metrics, codes: readonly string[]): (code: string) => void {
  const problems = new Counter({
    name: 'http_server_problems_total',
    help: 'Requests that were refused, by the code of the problem',
    labelNames: ['code'],
    registers: [registry],
  });
  for (const code of codes) problems.inc({ code }, 0);
  return (code) => problems.inc({ code });
}

/** `/api/patients/:patientId`, never the path itself: ids would make a series each, and are personal data here. */
export const routePattern = (req: Request): string =>
  req.route ? `${req.baseUrl}${String(req.route.path)}` : 'unmatched';
