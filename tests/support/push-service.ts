import type { webcrypto } from 'node:crypto';
import { type Given, HttpCounterpart, type Received } from './http-counterpart.ts';

export interface Pushed {
  /** As the browser shows it. */
  payload: unknown;
  topic: string;
  ttl: number;
  urgency: string;
}

interface Browser {
  privateKey: webcrypto.CryptoKey;
  publicKey: Uint8Array<ArrayBuffer>;
  auth: Uint8Array<ArrayBuffer>;
  /** What it subscribed with (RFC 8292, section 4.2): a push service takes no other. */
  vapidKey: string;
  pushed: Pushed[];
}

const curve = { name: 'ECDH', namedCurve: 'P-256' };
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
const subtle = crypto.subtle;

/** A push service with its browsers (RFC 8030), which read what they are sent (RFC 8291), by WebCrypto alone. */
export class PushService extends HttpCounterpart {
  private readonly browsers = new Map<string, Browser>();

  /** A browser subscribes. @returns what it gives to the site */
  async subscribe(vapidKey: string) {
    const keys = await subtle.generateKey(curve, true, ['deriveBits']);
    const publicKey = new Uint8Array(await subtle.exportKey('raw', keys.publicKey));
    const auth = crypto.getRandomValues(new Uint8Array(16));
    const id = crypto.randomUUID();
    this.browsers.set(id, { privateKey: keys.privateKey, publicKey, auth, vapidKey, pushed: [] });
    return {
      endpoint: `${this.url}/push/${id}`,
      keys: { p256dh: base64url(publicKey), auth: base64url(auth) },
      vapidKey,
    };
  }

  unsubscribe(endpoint: string): void {
    this.browsers.delete(idOf(endpoint));
  }

  /** What came to a browser, newest last. */
  pushedTo(endpoint: string): Pushed[] {
    return this.browsers.get(idOf(endpoint))?.pushed ?? [];
  }

  protected async answer({ method, url, headers, body }: Received): Promise<Given> {
    const browser = this.browsers.get(idOf(url.pathname));
    if (!browser || method !== 'POST') return { status: 410, body: 'push subscription has unsubscribed or expired' };
    const refused = await this.refusalOf(headers.authorization ?? '', browser.vapidKey);
    if (refused) return { status: 403, body: refused };
    if (!/^\d+$/.test(headers.ttl as string)) return { status: 400, body: 'TTL is missing' };
    if (headers['content-encoding'] !== 'aes128gcm') return { status: 415, body: 'aes128gcm only' };
    if (body.length > 4_096) return { status: 413, body: 'too large' };
    const topic = String(headers.topic ?? '');
    if (topic && !/^[A-Za-z0-9_-]{1,32}$/.test(topic)) return { status: 400, body: 'bad topic' };
    const payload = JSON.parse(await read(browser, new Uint8Array(body)));
    // What waits under the same topic is replaced (RFC 8030, section 5.4); our browsers are asleep.
    const waiting = browser.pushed.findIndex((each) => topic !== '' && each.topic === topic);
    if (waiting >= 0) browser.pushed.splice(waiting, 1);
    browser.pushed.push({ payload, topic, ttl: Number(headers.ttl), urgency: String(headers.urgency) });
    return { status: 201, headers: { location: `${this.url}/message/${crypto.randomUUID()}` } };
  }

  /** RFC 8292: signed by the key that the browser subscribed with, for this service, not for ever, by somebody to turn to. */
  private async refusalOf(authorization: string, vapidKey: string): Promise<string | undefined> {
    const [, token = '', key = ''] = /^vapid t=([^,]+), k=(\S+)$/.exec(authorization) ?? [];
    if (key !== vapidKey) return 'the key is not that of the subscription';
    const [head = '', claims = '', signature = ''] = token.split('.');
    const publicKey = await subtle.importKey('raw', bytesOf(key), { name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'verify',
    ]);
    const signed = new TextEncoder().encode(`${head}.${claims}`);
    const isRight = await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, bytesOf(signature), signed);
    if (!isRight) return 'the signature is wrong';
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const seconds = exp - Date.now() / 1_000;
    if (aud !== this.url || seconds < 0 || seconds > 24 * 3_600) return 'not for this service, or not for now';
    return /^(?:mailto:\S+@\S+\.\S+|https:\/\/\S+)$/.test(sub) ? undefined : 'BadJwtToken';
  }
}

const idOf = (address: string): string => address.split('/').at(-1) ?? '';

async function derive(
  secret: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  bytes: number,
) {
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bytes * 8));
}

const text = (value: string) => new TextEncoder().encode(value);

/** RFC 8188 and 8291, from the browser's side. */
async function read(browser: Browser, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const salt = body.slice(0, 16);
  const theirs = body.slice(21, 21 + (body[20] ?? 0));
  const publicKey = await subtle.importKey('raw', theirs, curve, false, []);
  const shared = new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: publicKey }, browser.privateKey, 256));
  const info = new Uint8Array([...text('WebPush: info\0'), ...browser.publicKey, ...theirs]);
  const secret = await derive(shared, browser.auth, info, 32);
  const contentKey = await derive(secret, salt, text('Content-Encoding: aes128gcm\0'), 16);
  const iv = await derive(secret, salt, text('Content-Encoding: nonce\0'), 12);
  const key = await subtle.importKey('raw', contentKey, 'AES-GCM', false, ['decrypt']);
  const record = new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv }, key, body.slice(21 + theirs.length)));
  const end = record.findLastIndex((byte) => byte !== 0);
  if (record[end] !== 2) throw new Error('the record is not the last one');
  return Buffer.from(record.slice(0, end)).toString();
}
