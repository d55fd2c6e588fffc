import { escapeXml } from '../codecs/xml-codec.js';
import { sendNothing, sendRefusal } from '../http/answer.js';
import type { Handler } from '../http/router.js';
import type { EurekaContext } from './context.js';

/** How this registry and its peers are, with the names of Netflix's `StatusInfo`. */
export const showStatus =
  ({ peers, registry }: EurekaContext): Handler =>
  ({ req, res }) => {
    const states = peers.states();
    const urls = (isReachable: boolean) =>
      states.filter((peer) => peer.isReachable === isReachable).map(({ url }) => url);
    const info = {
      generalStats: {
        'server-uptime': duration(process.uptime()),
        'current-memory-usage': `${Math.round(process.memoryUsage.rss() / 1024 ** 2)}mb`,
        'registered-instances': String(registry.size),
      },
      applicationStats: {
        'registered-replicas': states.map(({ url }) => url).join(','),
        'available-replicas': urls(true).join(','),
        'unavailable-replicas': urls(false).join(','),
      },
    };
    const isJson = req.headers.accept?.includes('json');
    res.setHeader('Content-Type', isJson ? 'application/json' : 'application/xml');
    sendNothing(res, 200, isJson ? JSON.stringify({ ...info, isHealthy: true }) : statusXml(info));
  };

function statusXml(info: Record<string, Record<string, string>>): string {
  const parts = Object.entries(info).map(([name, fields]) => {
    const inner = Object.entries(fields).map(([field, value]) => `<${field}>${escapeXml(value)}</${field}>`);
    return `<${name}>${inner.join('')}</${name}>`;
  });
  return `<com.netflix.eureka.util.StatusInfo>${parts.join('')}</com.netflix.eureka.util.StatusInfo>`;
}

/** Hours and minutes. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** What operators have overridden, by instance. */
export const showOverrides =
  ({ registry }: EurekaContext): Handler =>
  ({ res }) => {
    const overrides = [...registry.registrations()]
      .filter(({ instance }) => instance.overriddenStatus !== 'UNKNOWN')
      .map(({ instance }) => [instance.instanceId, instance.overriddenStatus]);
    res.setHeader('Content-Type', 'application/json');
    sendNothing(res, 200, JSON.stringify(Object.fromEntries(overrides)));
  };

/** Groups of Amazon's: the original, too, refuses these everywhere else. */
export const refuseAsg: Handler = ({ res }) => sendRefusal(res, 400, 'There are no autoscaling groups here');
