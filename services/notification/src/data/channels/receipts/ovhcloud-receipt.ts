import type { Receipt } from '../../../domain/channels/receipt.js';
import { type Failed, withoutPeople } from '../outcome.js';

/** `dlr` of a callback, as SMS gateways count. */
const states: Readonly<Record<string, [Receipt['state'], Failed['class']?]>> = {
  0: ['sent'],
  1: ['delivered'],
  2: ['failed', 'temporary'],
  4: ['sent'],
  8: ['sent'],
  16: ['failed', 'permanent-address'],
};

/** A callback of OVHcloud: `?id=26929925&dlr=1&ptt=…`. @returns undefined for what is none */
export function readOvhCloudReceipt(query: URLSearchParams): Receipt | undefined {
  const [id = '', dlr = '', ptt = ''] = ['id', 'dlr', 'ptt'].map((field) => query.get(field) ?? '');
  const [state, kind] = states[dlr] ?? [];
  if (!state || !/^\d{1,20}$/.test(id)) return undefined;
  const decisionId = query.get('tag') ?? undefined;
  return {
    providerId: `ovhcloud:${id}`,
    state,
    ...(decisionId && { decisionId }),
    ...(kind && { class: kind, text: withoutPeople(`ovhcloud: dlr ${dlr} ptt ${ptt}`) }),
  };
}
