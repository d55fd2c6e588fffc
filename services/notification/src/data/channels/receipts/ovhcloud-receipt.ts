import { createHmac, timingSafeEqual } from 'node:crypto';
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

const keyFor = (secret: string): Buffer => createHmac('sha256', secret).update('receipts of ovhcloud').digest();

/** What is entered at OVHcloud: they sign nothing, so the address itself is what nobody else knows. */
export function ovhCloudReceiptsUrl(base: string, secret: string): string {
  const url = new URL(base);
  url.searchParams.set('key', keyFor(secret).toString('base64url'));
  return url.href;
}

/** Whether it came to the address that was given to OVHcloud. @param secrets more than one while one replaces the other */
export function isFromOvhCloud(secrets: readonly string[], query: URLSearchParams): boolean {
  const given = Buffer.from(query.get('key') ?? '', 'base64url');
  return secrets.map(keyFor).some((key) => given.length === key.length && timingSafeEqual(given, key));
}
