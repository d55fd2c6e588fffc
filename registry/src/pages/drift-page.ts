import { ago, html, page, table } from '@cabinet/kit/pages/html';
import type { DriftEntry, DriftWatch } from '../drift/drift-watch.js';
import type { Time } from '../time.js';

const columns = [
  'Application',
  'Instance',
  'Lease',
  'Renewed',
  'Readiness',
  'Sidecar',
  'Last successful call',
  'Drift',
];

/** What leases say beside what instances and their sidecars say when asked; those that do not agree come first. */
export function driftPage(watch: DriftWatch, time: Time): string {
  const now = time.now().getTime();
  const entries = watch.entries().sort((a, b) => Number(Boolean(b.drift)) - Number(Boolean(a.drift)));
  const drifting = entries.filter(({ drift }) => drift).length;
  return page(
    'Drift',
    html`<p>${drifting === 0 ? 'Leases and instances agree.' : html`<strong class="drift">${drifting} instances and their leases do not agree.</strong>`}</p>
${table(
  columns,
  entries.map((entry) => row(entry, now)),
)}`,
  );
}

function row({ registration: { instance, lease }, watched, drift }: DriftEntry, now: number) {
  const health = (word: string | undefined) => html`<span class="${word ?? 'quiet'}">${word ?? 'not asked yet'}</span>`;
  return [
    instance.app,
    instance.instanceId,
    html`<span class="${instance.status}">${instance.status}</span>`,
    ago(now - lease.lastRenewedAt),
    health(watched?.readiness),
    health(watched?.sidecar),
    watched?.succeededAt ? ago(now - watched.succeededAt.getTime()) : 'never',
    html`<span class="drift">${drift}</span>`,
  ];
}
