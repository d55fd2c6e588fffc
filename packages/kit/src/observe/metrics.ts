import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export { AggregatorRegistry, Counter, Gauge, Histogram };

/** The metrics of one process: Node's own, RED by route pattern, and whatever the service adds to `registry`. */
export interface Metrics {
  registry: Registry;
  /** Time of each request, for processes that do not answer through Express. */
  duration: Histogram<'method' | 'route' | 'status'>;
  /** Records duration, method, route pattern and status of each request. */
  observeRequests: RequestHandler;
  handler: RequestHandler;
}

const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers: [registry],
  });
  return {
    registry,
    duration,
    observeRequests: (req, res, next) => {
      const end = duration.startTimer();
      res.on('close', () => end({ method: req.method, route: routePattern(req), status: res.statusCode }));
      next();
    },
    handler: async (_req: Request, res: Response, _next: NextFunction) => {
      res.type(registry.contentType).send(await registry.metrics());
    },
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
