import { noSuchRoute } from '@cabinet/kit/http/no-such-route';
import type { Express } from 'express';
import type { BreakerState } from '../resilience.js';
import type { Route } from '../routes.js';
import { isReader } from './health.js';
import type { PageParts } from './page-parts.js';

/** `GET /status`, for those who may read `/metrics`: how the practice fares, where there is nothing else to look at. */
export function serveStatus(app: Express, parts: PageParts): void {
  app.get('/status', async (req, res, next) => {
    if (!isReader(req, parts)) return noSuchRoute(req, res, next);
    res
      .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(page(await statusOf(parts)));
  });
}

interface ServiceStatus {
  name: string;
  instances: number;
  leftOut: number;
  breaker: BreakerState;
  inFlight: number;
  requests: Requests;
}

interface Status {
  isReady: boolean;
  registryAgeSeconds?: number;
  uptimeSeconds: number;
  services: ServiceStatus[];
}

/** Of all requests since the gateway started. */
interface Requests {
  count: number;
  /** Answered with 500 or above. */
  failed: number;
  /** Ascending upper bounds in seconds, and how many requests took no longer. */
  buckets: Map<number, number>;
}

async function statusOf({ routes, upstreams, resilience, registry, isReady, durations }: PageParts): Promise<Status> {
  const requests = countByService((await durations.get()).values, routes.routes);
  return {
    isReady: isReady(),
    registryAgeSeconds: registry().ageSeconds,
    uptimeSeconds: process.uptime(),
    services: routes.services.toSorted().map((name) => {
      const all = upstreams.of(name);
      return {
        name,
        instances: all.length,
        leftOut: all.filter((upstream) => upstreams.isSkipped(upstream)).length,
        breaker: resilience.of(name).state,
        inFlight: all.reduce((sum, { inFlight }) => sum + inFlight, 0),
        requests: requests.get(name) ?? noRequests(),
      };
    }),
  };
}

const noRequests = (): Requests => ({ count: 0, failed: 0, buckets: new Map() });

type Value = { metricName?: string; value: number; labels: Record<string, string | number | undefined> };

function countByService(values: readonly Value[], routes: readonly Route[]): Map<string, Requests> {
  const serviceOf = new Map(routes.map(({ prefix, service }) => [prefix, service]));
  const found = new Map<string, Requests>();
  for (const { metricName = '', value, labels } of values) {
    const service = serviceOf.get(String(labels.route));
    if (!service) continue;
    const requests = found.get(service) ?? noRequests();
    found.set(service, requests);
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    if (metricName.endsWith('_bucket')) requests.buckets.set(bound, (requests.buckets.get(bound) ?? 0) + value);
    else if (metricName.endsWith('_count')) {
      requests.count += value;
      if (Number(labels.status) >= 500) requests.failed += value;
    }
  }
  return found;
}

/** The smallest bound that this share of the requests kept to; Infinity when even the largest was too small. */
function boundOf({ count, buckets }: Requests, share: number): number | undefined {
  if (count === 0) return undefined;
  const kept = [...buckets].filter(([, within]) => within >= share * count).map(([bound]) => bound);
  return Math.min(...kept);
}

const page = (status: Status) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="refresh" content="5">
  <title>Cabinet: status</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 4vh auto; padding: 0 1.5rem; color: #1f2933; }
    table { border-collapse: collapse; width: 100%; }
    th, td { padding: .35rem .75rem; border-bottom: 1px solid #d9e2ec; text-align: right; }
    th:first-child, td:first-child { text-align: left; }
    .bad { color: #b42318; font-weight: 600; }
    .absent { color: #627d98; }
  </style>
</head>
<body>
  <h1>${status.isReady ? 'The gateway is ready' : '<span class="bad">The gateway is not ready</span>'}</h1>
  <p>It heard of the registry ${heard(status.registryAgeSeconds)}, and has run for ${lasting(status.uptimeSeconds)}. The
  counts are those of the process that answered, from its start; /metrics tells those of all together.</p>
  <table>
    <thead><tr><th>Service</th><th>Instances</th><th>Breaker</th><th>Under way</th><th>Requests</th><th>Failed</th>
      <th>Half within</th><th>19 of 20 within</th></tr></thead>
    <tbody>
${status.services.map(row).join('\n')}
    </tbody>
  </table>
</body>
</html>
`;

function row({ name, instances, leftOut, breaker, inFlight, requests }: ServiceStatus): string {
  // A process that this practice does not run is no fault.
  const isInUse = instances > 0 || requests.count > 0;
  const cells = [
    marked(isInUse && instances === leftOut, leftOut > 0 ? `${instances}, ${leftOut} left out` : `${instances}`),
    marked(breaker !== 'closed', breaker),
    inFlight,
    requests.count,
    marked(requests.failed > 0, `${requests.failed}`),
    time(boundOf(requests, 0.5)),
    time(boundOf(requests, 0.95)),
  ];
  return `      <tr${isInUse ? '' : ' class="absent"'}><td>${name}</td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

const marked = (isBad: boolean, text: string) => (isBad ? `<span class="bad">${text}</span>` : text);
const heard = (ageSeconds?: number) =>
  ageSeconds === undefined ? '<span class="bad">never</span>' : marked(ageSeconds > 60, `${lasting(ageSeconds)} ago`);

function time(seconds?: number): string {
  if (seconds === undefined) return '–';
  if (seconds === Number.POSITIVE_INFINITY) return '<span class="bad">longer</span>';
  return seconds < 1 ? `${seconds * 1000} ms` : `${seconds} s`;
}

function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
