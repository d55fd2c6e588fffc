import type { IncomingMessage, ServerResponse } from 'node:http';
import { changes, onChange } from './agenda.ts';
import { alertChanges, onAlertChange } from './alerts.ts';

/** Something whose changes are told as they happen. */
interface Live {
  /** As the contract names what follows it, and as the faults do. */
  name: string;
  pattern: RegExp;
  event: string;
  /** How many changes there have been. */
  count(): number;
  /** What is told of one; nothing to who does not follow that. */
  told(nth: number, query: URLSearchParams): object | undefined;
  onChange(hearer: () => void): () => void;
}

export const lives: readonly Live[] = [
  {
    name: 'GET /api/appointments/agendas/changes',
    pattern: /^\/api\/appointments\/agendas\/changes$/,
    event: 'agenda',
    count: () => changes.length,
    told: (nth, query) => {
      const change = changes[nth];
      const followed = query.get('practitionerIds')?.split(',') ?? [];
      return change && followed.includes(change.practitionerId) ? change : undefined;
    },
    onChange,
  },
  {
    name: 'GET /api/alerts/live/changes',
    pattern: /^\/api\/alerts\/live\/changes$/,
    event: 'alert',
    count: () => alertChanges.length,
    told: (nth) => ({ alertId: alertChanges[nth] }),
    onChange: onAlertChange,
  },
];

/** As the services tell them; whoever came back hears what they missed. */
export function tellLive(req: IncomingMessage, res: ServerResponse, query: URLSearchParams, live: Live): void {
  const after = req.headers['last-event-id'];
  const isKnown = after !== undefined && Number(after) <= live.count();
  let told = isKnown ? Number(after) : live.count();
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.write(': alive\n\n');
  if (!isKnown) res.write(`id: ${told}\nevent: ${after === undefined ? 'open' : 'reset'}\ndata: {}\n\n`);
  const tell = () => {
    for (; told < live.count(); told += 1) {
      const change = live.told(told, query);
      if (change) res.write(`id: ${told + 1}\nevent: ${live.event}\ndata: ${JSON.stringify(change)}\n\n`);
    }
  };
  tell();
  const stop = live.onChange(tell);
  const beat = setInterval(() => res.write(': alive\n\n'), 10_000);
  res.on('close', () => {
    clearInterval(beat);
    stop();
  });
}
