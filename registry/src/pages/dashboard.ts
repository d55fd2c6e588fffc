import type { Eviction } from '../domain/eviction.js';
import type { History } from '../domain/history.js';
import type { Registration } from '../domain/lease.js';
import type { Registry } from '../domain/registry.js';
import type { Peers } from '../peers/peers.js';
import type { Time } from '../time.js';

export interface DashboardContext {
  registry: Registry;
  eviction: Eviction;
  history: History;
  peers: Peers;
  time: Time;
}

/** All instances as a page for people. What instances say of themselves is shown as text only, never as a link. */
export function dashboard({ registry, time }: DashboardContext): string {
  const now = time.now().getTime();
  const rows = registry.all().applications.flatMap(({ registrations }) => registrations.map((r) => row(r, now)));
  return page(rows);
}

const columns = ['Application', 'Instance', 'Status', 'Address', 'Version', 'Up for', 'Last renewal'];

const page = (rows: string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Registry</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #1a1a1a; background: #fff }
div { overflow-x: auto }
table { border-collapse: collapse }
th, td { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #ccc }
</style>
</head>
<body>
<h1>Registry</h1>
${rows.length === 0 ? '<p>No instance is registered.</p>' : table(rows)}
</body>
</html>
`;

const table = (rows: string[]): string => `<div><table>
<thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;

function row({ instance, lease }: Registration, now: number): string {
  const cells = [
    instance.app,
    instance.instanceId,
    instance.overriddenStatus === 'UNKNOWN' ? instance.status : `${instance.status} (overridden)`,
    `${instance.hostName}:${instance.port.isEnabled ? instance.port.number : instance.securePort.number}`,
    instance.metadata.get('version') ?? '',
    lease.upSince === 0 ? '' : ago(now - lease.upSince),
    `${ago(now - lease.lastRenewedAt)} ago`,
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
}

function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
