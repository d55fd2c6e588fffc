import { type Html, html, type Part } from '@cabinet/kit/pages/html';
import { ago, type Concern, duration, type Mood, state, table, verdict } from '@cabinet/kit/pages/parts';
import type { Eviction } from '../domain/eviction.js';
import type { History, HistoryEntry } from '../domain/history.js';
import type { InstanceStatus } from '../domain/instance.js';
import type { Registration } from '../domain/lease.js';
import type { Registry } from '../domain/registry.js';
import type { Application } from '../domain/views.js';
import type { Peers } from '../peers/peers.js';
import type { Time } from '../time.js';
import { registryPage } from './frame.js';

export interface DashboardContext {
  registry: Registry;
  eviction: Eviction;
  history: History;
  peers: Peers;
  time: Time;
}

// Of each application; more are counted only.
const shownMax = 50;
const namedMax = 5;
const eventsShown = 20;

/** Who is there, for people. What instances say of themselves is shown as text only, never as a link. */
export function dashboard(context: DashboardContext): string {
  const { registry, eviction, history, time } = context;
  const now = time.now().getTime();
  const { applications } = registry.all();
  const away = history.away((app) => registry.application(app) !== undefined);
  const lead = verdict(concernsOf(context, applications, away), well(registry.size));
  const content = html`<p>${count(registry.size, 'instance')} of ${count(applications.length, 'application')}.
${registry.renewalsLastMinute()} renewals in the last minute, ${Math.round(registry.renewalsExpected())} expected.
${selfPreservation(eviction)}</p>
${instances(applications, away, now)}
${peersOf(context, now)}
${events('Recent events', history.latest(eventsShown), now)}`;
  return registryPage({ path: '/', title: 'Instances', content, time, lead });
}

const well = (instances: number): string =>
  instances === 0 ? 'No instance is registered.' : 'Every instance that is registered is up.';

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function selfPreservation({ selfPreservation, isPreserving }: Eviction): string {
  if (!selfPreservation) return 'Self-preservation is switched off: whoever stops renewing is taken out.';
  if (isPreserving) return 'Self-preservation is active: nobody is taken out.';
  return 'Self-preservation is ready: if many stopped renewing at once, nobody would be taken out.';
}

const preserving = html`<strong>Self-preservation.</strong> More instances stopped renewing at once than can be believed lost:
nobody is taken out until renewals arrive again. Some of those listed may be gone.`;

function concernsOf(
  { eviction, peers }: DashboardContext,
  applications: Application[],
  away: HistoryEntry[],
): Concern[] {
  const concerns: Concern[] = eviction.isPreserving ? [{ mood: 'bad', what: preserving }] : [];
  if (away.length > 0) {
    const names = some(away.map(({ app }) => app));
    concerns.push({ mood: 'bad', what: html`<strong>Away</strong>, no instance is left: ${names}.` });
  }
  const instances = applications.flatMap(({ registrations }) => registrations.map(({ instance }) => instance));
  for (const [status, those] of Map.groupBy(instances, ({ status }) => status)) {
    const mood = moodOf(status);
    if (mood !== 'warn' && mood !== 'bad') continue;
    const names = some(those.map(({ instanceId }) => instanceId));
    concerns.push({ mood, what: html`<strong>${status}</strong>: ${names}.` });
  }
  for (const { url, isReachable, problem } of peers.states()) {
    if (!isReachable)
      concerns.push({
        mood: 'bad',
        what: html`The peer <strong>${url}</strong> is not reachable: ${problem ?? notHeard}.`,
      });
  }
  return concerns;
}

function some(names: string[]): string {
  const rest = names.length - namedMax;
  return `${names.slice(0, namedMax).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const notHeard = 'not heard yet';

const moods: Partial<Record<InstanceStatus, Mood>> = { UP: 'good', OUT_OF_SERVICE: 'warn', DOWN: 'bad' };

export const moodOf = (status: InstanceStatus): Mood => moods[status] ?? 'quiet';

function instances(applications: Application[], away: HistoryEntry[], now: number): Html | undefined {
  if (applications.length + away.length === 0) return undefined;
  const columns = [
    'Instance',
    'Application',
    'Status',
    'Address',
    'Version',
    'Up for',
    'Last renewal',
    'Lease, renewed',
  ];
  const shown = applications.flatMap(({ registrations }) => registrations.slice(0, shownMax));
  const rest = applications.flatMap(({ name, registrations: { length } }) =>
    length > shownMax ? [`${length - shownMax} of ${name}`] : [],
  );
  const rows = [...away.slice(0, shownMax).map((each) => awayRow(each, now)), ...shown.map((each) => row(each, now))];
  const more = html`<p class="quiet">And more: ${rest.join(', ')}.</p>`;
  const isTold = columns.map((_, nth) => rows.some((cells) => cells[nth] !== undefined));
  const told = <T>(cells: T[]): T[] => cells.filter((_, nth) => isTold[nth]);
  return html`${table('Instances', told(columns), rows.map(told))}
${rest.length > 0 ? more : undefined}`;
}

function awayRow({ instanceId, app, reason, at }: HistoryEntry, now: number): Part[] {
  const why = reason === 'expired' ? 'its lease ran out' : 'it signed off';
  return [instanceId, app, state('bad', 'away'), undefined, undefined, undefined, `${why} ${ago(now - at)}`, undefined];
}

function row({ instance, lease }: Registration, now: number): Part[] {
  const overridden = instance.overriddenStatus === 'UNKNOWN' ? '' : ' (overridden)';
  const port = instance.port.isEnabled ? instance.port.number : instance.securePort.number;
  return [
    instance.instanceId,
    instance.app,
    state(moodOf(instance.status), `${instance.status}${overridden}`),
    `${instance.hostName}:${port}`,
    instance.metadata.get('version'),
    lease.upSince === 0 ? undefined : duration(now - lease.upSince),
    ago(now - lease.lastRenewedAt),
    `${lease.durationSeconds} s, every ${lease.renewalIntervalSeconds} s`,
  ];
}

function peersOf({ peers }: DashboardContext, now: number): Html {
  const rows = peers
    .states()
    .map(({ url, isReachable, pending, heardAt, problem }) => [
      url,
      isReachable ? state('good', 'reachable') : state('bad', problem ?? notHeard),
      heardAt ? ago(now - heardAt.getTime()) : 'never',
      pending,
    ]);
  if (rows.length === 0) return html`<h2>Peers</h2><p class="quiet">This registry has no peers.</p>`;
  return table('Peers', ['Address', 'State', 'Heard', 'Yet to hear'], rows);
}

/** Events under a heading, in the order they are given. */
export function events(title: string, entries: HistoryEntry[], now: number): Html {
  if (entries.length === 0) return html`<h2>${title}</h2><p class="quiet">Nothing has happened yet.</p>`;
  const rows = entries.map(({ at, reason, app, instanceId, status }) => [
    instanceId,
    reason,
    ago(now - at),
    app,
    status,
  ]);
  return table(title, ['Instance', 'What', 'When', 'Application', 'Status at that time'], rows);
}
