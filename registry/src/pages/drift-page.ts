import { html } from '@cabinet/kit/pages/html';
import { ago, type Mood, state, table, verdict } from '@cabinet/kit/pages/parts';
import type { DriftEntry, DriftWatch } from '../drift/drift-watch.js';
import type { Time } from '../time.js';
import { moodOf } from './dashboard.js';
import { registryPage } from './frame.js';

const columns = [
  'Instance',
  'Application',
  'Drift',
  'Lease',
  'Renewed',
  'Readiness',
  'Sidecar',
  'Last successful call',
];

/** What leases say beside what instances and their sidecars say when asked; those that do not agree come first. */
export function driftPage(watch: DriftWatch, time: Time): string {
  const now = time.now().getTime();
  const entries = watch.entries().sort((a, b) => Number(Boolean(b.drift)) - Number(Boolean(a.drift)));
  const concerns = entries.flatMap(({ registration: { instance }, drift }) =>
    drift ? [{ mood: 'bad' as const, what: html`<strong>${instance.instanceId}</strong> is ${drift}.` }] : [],
  );
  const lead = verdict(concerns, 'Leases and instances agree.');
  const rows = entries.map((entry) => row(entry, now));
  const content = rows.length > 0 ? table('Leases beside what instances say', columns, rows) : nobody;
  return registryPage({ path: '/drift', title: 'Drift', lead, content, time });
}

const nobody = html`<p class="quiet">No instance is registered.</p>`;
const moods: Record<string, Mood> = { healthy: 'good', unhealthy: 'bad', silent: 'bad' };

function row({ registration: { instance, lease }, watched, drift }: DriftEntry, now: number) {
  const health = (word = 'not asked yet') => state(moods[word] ?? 'quiet', word);
  return [
    instance.instanceId,
    instance.app,
    drift && state('bad', drift),
    state(moodOf(instance.status), instance.status),
    ago(now - lease.lastRenewedAt),
    health(watched?.readiness),
    health(watched?.sidecar),
    watched?.succeededAt ? ago(now - watched.succeededAt.getTime()) : 'never',
  ];
}
