import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { RequestDurations } from './durations.js';

export { AggregatorRegistry, Counter, Gauge, Histogram };

/** The metrics of one process: Node's own, RED by route pattern, and whatever the service adds to `registry`. */
export interface Metrics {
  registry: Registry;
  /** Time of each request, for processes that do not answer through Express. */
  duration: RequestDurations;
  /** Records duration, method, route pattern and status of each request. */
  observeRequests: RequestHandler;
  handler: RequestHandler;
}

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const duration = new RequestDurations(registry);
  return {
    registry,
    duration,
    observeRequests: (req, res, next) => {
      const began = performance.now();
      res.on('close', () => {
        const seconds = (performance.now() - began) / 1000;
        duration.observe({ method: req.method, route: routePattern(req), status: res.statusCode }, seconds);
      });
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
