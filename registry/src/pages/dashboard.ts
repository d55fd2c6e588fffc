import { ago, duration, type Html, html, page, table } from '@cabinet/kit/pages/html';
import type { Eviction } from '../domain/eviction.js';
import type { History, HistoryEntry } from '../domain/history.js';
import type { Registration } from '../domain/lease.js';
import type { Registry } from '../domain/registry.js';
import type { Application } from '../domain/views.js';
import type { Peers } from '../peers/peers.js';
import type { Time } from '../time.js';

export interface DashboardContext {
  registry: Registry;
  eviction: Eviction;
  history: History;
  peers: Peers;
  time: Time;
}

// Of each application; more are counted only.
const shownMax = 50;
const eventsShown = 20;

/** Who is there, for people. What instances say of themselves is shown as text only, never as a link. */
export function dashboard(context: DashboardContext): string {
  const { registry, history, time } = context;
  const now = time.now().getTime();
  const { applications } = registry.all();
  return page(
    'Instances',
    html`${summary(context, applications.length)}
${applications.length === 0 ? html`<p>No instance is registered.</p>` : applications.map((each) => application(each, now))}
${peersOf(context, now)}
<h2>Recent events</h2>
${events(history.latest(eventsShown), now)}`,
  );
}

function summary({ registry, eviction }: DashboardContext, applications: number): Html {
  const preserving = html`<p class="alarm"><strong>Self-preservation.</strong> More instances stopped renewing at once than
can be believed lost: nobody is taken out until renewals arrive again. Some of those listed may be gone.</p>`;
  return html`<p>${registry.size} instances of ${applications} applications.
${registry.renewalsLastMinute()} renewals in the last minute, ${Math.round(registry.renewalsExpected())} expected.
Self-preservation is ${eviction.selfPreservation ? (eviction.isPreserving ? 'active' : 'ready') : 'switched off'}.</p>
${eviction.isPreserving ? preserving : undefined}`;
}

function application({ name, registrations }: Application, now: number): Html {
  const columns = ['Instance', 'Status', 'Address', 'Version', 'Up for', 'Last renewal', 'Lease'];
  const rows = registrations.slice(0, shownMax).map((each) => row(each, now));
  const rest = registrations.length - shownMax;
  return html`<h2>${name} <span class="quiet">${registrations.length}</span></h2>
${table(columns, rows)}
${rest > 0 ? html`<p class="quiet">and ${rest} more</p>` : undefined}`;
}

function row({ instance, lease }: Registration, now: number) {
  const overridden = instance.overriddenStatus === 'UNKNOWN' ? '' : ' (overridden)';
  const port = instance.port.isEnabled ? instance.port.number : instance.securePort.number;
  return [
    instance.instanceId,
    html`<span class="${instance.status}">${instance.status}${overridden}</span>`,
    `${instance.hostName}:${port}`,
    instance.metadata.get('version'),
    lease.upSince === 0 ? undefined : duration(now - lease.upSince),
    ago(now - lease.lastRenewedAt),
    `${lease.durationSeconds} s, renewed every ${lease.renewalIntervalSeconds} s`,
  ];
}

function peersOf({ peers }: DashboardContext, now: number): Html {
  const rows = peers
    .states()
    .map(({ url, isReachable, pending, heardAt, problem }) => [
      url,
      html`<span class="${isReachable ? 'UP' : 'DOWN'}">${isReachable ? 'reachable' : (problem ?? 'not heard yet')}</span>`,
      heardAt ? ago(now - heardAt.getTime()) : 'never',
      pending,
    ]);
  if (rows.length === 0) return html`<h2>Peers</h2><p class="quiet">This registry has no peers.</p>`;
  return html`<h2>Peers</h2>${table(['Address', 'State', 'Heard', 'Yet to hear'], rows)}`;
}

/** Events as a table, in the order they are given. */
export function events(entries: HistoryEntry[], now: number): Html {
  if (entries.length === 0) return html`<p class="quiet">Nothing has happened yet.</p>`;
  const rows = entries.map(({ at, reason, app, instanceId, status }) => [
    ago(now - at),
    reason,
    app,
    instanceId,
    status,
  ]);
  return table(['When', 'What', 'Application', 'Instance', 'Status'], rows);
}
