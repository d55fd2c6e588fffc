import { noSuchRoute } from '@cabinet/kit/http/no-such-route';
import { type Html, html, type Part } from '@cabinet/kit/pages/html';
import { page, sendPage } from '@cabinet/kit/pages/page';
import { ago, type Concern, moment, state, table, verdict } from '@cabinet/kit/pages/parts';
import type { Express } from 'express';
import { type Fares, readFares } from './fares.js';
import { frameFor } from './frame.js';
import { isReader } from './health.js';
import type { PageParts } from './page-parts.js';
import { readMetrics } from './read-metrics.js';

const renewSeconds = 10;
const registrySilenceSecondsMax = 60;

/**
 * `GET /status`, for those who may read `/metrics`: how the practice fares, where there is nothing else to look at. It
 * renews itself only when `?renew` asks for it: what is read aloud must not begin anew every few seconds.
 */
export function serveStatus(app: Express, parts: PageParts): void {
  app.get('/status', async (req, res, next) => {
    if (!isReader(req, parts)) return noSuchRoute(req, res, next);
    const renews = 'renew' in req.query;
    const head = renews ? html`<meta http-equiv="refresh" content="${renewSeconds}">` : undefined;
    const content = show(await statusOf(parts), renews);
    sendPage(res, page({ frame: frameFor(req, parts), path: '/status', title: 'Status', content, head }));
  });
}

interface Status {
  isReady: boolean;
  registrySeconds?: number;
  startedAt: Date;
  services: Fares[];
  /** False when what stands here is known of the answering process alone. */
  isWhole: boolean;
}

async function statusOf({ routes, metrics, metricsOfAll, registry, isReady, log }: PageParts): Promise<Status> {
  const ofAll = await metricsOfAll?.().catch((error: unknown) => {
    log.warn({ err: error }, 'the status is that of one process');
  });
  const samples = readMetrics(ofAll ?? (await metrics.registry.metrics()));
  const value = (wanted: string) => samples.find(({ name }) => name === wanted)?.value;
  return {
    isReady: isReady(),
    registrySeconds: registry().ageSeconds === undefined ? undefined : value('gateway_registry_age_seconds'),
    startedAt: new Date((value('gateway_start_time_seconds') ?? 0) * 1000),
    services: readFares(samples, routes),
    isWhole: metricsOfAll === undefined || ofAll !== undefined,
  };
}

function show(status: Status, renews: boolean): Html {
  const [inUse, idle] = [true, false].map((used) => status.services.filter(({ isInUse }) => isInUse === used));
  return html`${verdict(concernsOf(status), 'The gateway is ready, and every service that was started can be asked.')}
<p>As of ${moment(new Date())}. ${renewal(renews)}</p>
${table('Services', columns, (inUse as Fares[]).map(row))}
<p class="note">Counted since ${moment(status.startedAt)}, when this gateway started, by all its processes together. Failed is
what was answered with 500 or above. The registry was heard ${heard(status.registrySeconds)}.</p>
${notInUse(idle as Fares[])}`;
}

const renewal = (renews: boolean): Part =>
  renews
    ? html`It is renewed every ${renewSeconds} s. <a href="/status">Stop renewing</a>`
    : html`<a href="/status">Look again</a>, or <a href="/status?renew">every ${renewSeconds} s by itself</a>`;

function concernsOf({ isReady, registrySeconds, services, isWhole }: Status): Concern[] {
  const concerns: Concern[] = services.flatMap((fares) => {
    const matter = matterOf(fares);
    return matter ? [{ mood: matter.mood, what: html`<strong>${fares.name}</strong> ${matter.sentence}` }] : [];
  });
  if (!isReady)
    concerns.push({
      mood: 'bad',
      what: 'The gateway is not ready: it does not know yet where the services are, or stops.',
    });
  else if (registrySeconds === undefined || registrySeconds > registrySilenceSecondsMax) {
    const what = html`The registry was heard ${heard(registrySeconds)}: who joined or left since then is not known.`;
    concerns.push({ mood: 'bad', what });
  }
  if (!isWhole)
    concerns.push({
      mood: 'warn',
      what: 'A process of the gateway does not answer: what follows is known of one alone.',
    });
  return concerns;
}

/** What is the matter with a service, in a word and in a sentence. */
interface Matter {
  mood: Concern['mood'];
  word: string;
  sentence: string;
}

function matterOf({ instances, leftOut, breaker, isInUse }: Fares): Matter | undefined {
  if (!isInUse) return undefined;
  if (instances === 0) return { mood: 'bad', word: 'away', sentence: 'has no instance that takes requests.' };
  if (leftOut === instances) {
    return { mood: 'bad', word: 'away', sentence: 'cannot be reached: none of its instances takes connections.' };
  }
  if (breaker === 'open') {
    const sentence = 'fails too often: its circuit breaker is open, and requests are refused for a while.';
    return { mood: 'bad', word: 'failing', sentence };
  }
  if (breaker === 'half-open') {
    const sentence = 'has failed too often: its circuit breaker lets single requests through to see.';
    return { mood: 'warn', word: 'unsteady', sentence };
  }
  if (leftOut === 0) return undefined;
  return {
    mood: 'warn',
    word: 'unsteady',
    sentence: `does without ${leftOut} of its ${instances} instances for a while.`,
  };
}

const number = (name: string) => ({ name, isNumber: true });
const columns = [
  ...['Service', 'State', 'Breaker'],
  ...['Instances', 'Under way', 'Requests', 'Failed', 'Half within', '19 of 20 within'].map(number),
];

function row(fares: Fares): Part[] {
  const { name, instances, leftOut, breaker, underWay, requests, failed } = fares;
  const matter = matterOf(fares);
  return [
    name,
    matter ? state(matter.mood, matter.word) : state('good', 'well'),
    breaker,
    leftOut > 0 ? `${instances}, ${leftOut} left out` : instances,
    underWay,
    requests,
    failed > 0 ? state('warn', `${failed} (${share(failed, requests)})`) : failed,
    time(fares.within(0.5)),
    time(fares.within(0.95)),
  ];
}

function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return percent < 0.1 ? 'under 0.1 %' : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

function time(seconds?: number): Part {
  if (seconds === undefined) return '–';
  if (seconds === Number.POSITIVE_INFINITY) return state('warn', 'longer');
  return seconds < 1 ? `${seconds * 1000} ms` : `${seconds} s`;
}

const heard = (seconds?: number): string => (seconds === undefined ? 'never' : ago(seconds * 1000));

function notInUse(services: readonly Fares[]): Part {
  if (services.length === 0) return undefined;
  const names = services.map(({ name }) => name).join(', ');
  return html`<p class="note">Not started since this gateway did, which is no fault: ${names}.</p>`;
}
