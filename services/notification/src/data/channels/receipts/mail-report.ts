import PostalMime from 'postal-mime';
import type { Receipt } from '../../../domain/channels/receipt.js';
import { type Failed, withoutPeople } from '../outcome.js';

const bytesMax = 1024 * 1024;

interface Part {
  type: string;
  text: string;
}

/**
 * What a mail server or a mailbox provider reports of a mail of ours: it came back, was delayed or delivered (RFC 3464), or somebody
 * called it spam (RFC 5965). The mail is known by its Message-ID in what was returned, else by the envelope's id that we gave it.
 * @param raw the report as it arrived. @returns nothing for any other mail: out-of-office notes, bounces without a report
 */
export async function readMailReport(raw: Buffer): Promise<Receipt[]> {
  const parts = await partsOf(raw.subarray(0, bytesMax));
  const find = (...types: string[]) => parts.find(({ type }) => types.includes(type))?.text;
  const returned = find('message/rfc822', 'message/global', 'text/rfc822-headers', 'message/global-headers') ?? '';
  const [header = {}] = fieldGroups(returned.split(/\r?\n\r?\n/)[0] ?? '');
  const messageId = idOf(header['message-id']);

  const feedback = find('message/feedback-report');
  if (feedback !== undefined) {
    const [fields = {}] = fieldGroups(feedback);
    const kind = fields['feedback-type']?.toLowerCase();
    if (!messageId || !kind || kind === 'not-spam') return [];
    return [{ providerId: `smtp:${messageId}`, state: 'complained', text: withoutPeople(kind) }];
  }

  const status = find('message/delivery-status', 'message/global-delivery-status');
  if (status === undefined) return [];
  const [perMessage = {}, ...recipients] = fieldGroups(status);
  const id = messageId ?? idOf(fromXtext(perMessage['original-envelope-id'] ?? ''));
  if (!id) return [];
  return recipients.flatMap((fields) => receiptOf(`smtp:${id}`, fields));
}

const states: Readonly<Record<string, Receipt['state']>> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  // To a server that gives no further word.
  relayed: 'sent',
  expanded: 'sent',
};

function receiptOf(providerId: string, fields: Record<string, string>): Receipt[] {
  const state = states[fields.action?.toLowerCase() ?? ''];
  if (!state) return [];
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.status ?? '')?.[0] ?? '';
  const said = withoutPeople(`${status} ${(fields['diagnostic-code'] ?? '').replace(/^[^;]*;\s*/, '')}`);
  return [{ providerId, state, ...(state === 'failed' && { class: classOf(status), text: said }) }];
}

/** RFC 3463: what is said of the address, of the mailbox, of the content and policy, and what may pass. */
function classOf(status: string): Failed['class'] {
  if (status.startsWith('4.') || status === '5.2.2') return 'temporary';
  if (/^5\.(?:[1-2]|4\.4|0)/.test(status)) return 'permanent-address';
  return /^5\.(?:3\.4|6|7)/.test(status) ? 'permanent-content' : 'temporary';
}

async function partsOf(raw: Buffer): Promise<Part[]> {
  try {
    const mail = await PostalMime.parse(raw, {
      forceRfc822Attachments: true,
      maxNestingDepth: 20,
      maxHeadersSize: 256 * 1024,
    });
    return mail.attachments.map(({ mimeType, content }) => ({
      type: mimeType.toLowerCase(),
      text: typeof content === 'string' ? content : Buffer.from(content as ArrayBuffer).toString('utf8'),
    }));
  } catch {
    // Nested or with headers beyond all measure: what it would report is nothing of ours.
    return [];
  }
}

/** Groups of `Name: value`, parted by empty lines; names in small letters, folded lines put together. */
const fieldGroups = (text: string): Record<string, string>[] =>
  text
    .replace(/\r\n/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n{2,}/)
    .map((group) => {
      const fields: Record<string, string> = {};
      for (const line of group.split('\n')) {
        const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
        if (name) fields[name.toLowerCase()] ??= value?.trim() ?? '';
      }
      return fields;
    })
    .filter((fields) => Object.keys(fields).length > 0);

const idOf = (text = ''): string | undefined => /^<?([^\s<>]{3,320})>?$/.exec(text.trim())?.[1];

/** RFC 3461, section 4. */
const fromXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
