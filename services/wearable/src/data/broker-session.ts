import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectInTls } from 'node:tls';

export interface BrokerSession {
  /** `tcp://USER:PASSWORD@HOST:PORT`, or `ssl://` within TLS. */
  url: URL;
  /** The client's id. */
  session: string;
}

const timeoutMs = 5_000;

/**
 * Signs in to the broker under the name of a session, and leaves it again: whoever has it is cut off, comes back at once, and is
 * brought anew all that they have not acknowledged. MQTT 3.1.1: https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/.
 * @throws when the broker does not answer, or lets nobody in
 */
export async function takeOver({ url, session }: BrokerSession): Promise<void> {
  const [host, port] = [url.hostname, Number(url.port || (url.protocol === 'ssl:' ? 8883 : 1883))];
  const isTls = url.protocol === 'ssl:';
  const socket: Socket = isTls ? connectInTls({ host, port, servername: host }) : connectPlain(port, host);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect', { signal });
    socket.write(connectPacket(session, decodeURIComponent(url.username), decodeURIComponent(url.password)));
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
    // CONNACK, with the reason in its last byte.
    if (answer[0] !== 0x20 || answer[3] !== 0)
      throw new Error(`the broker answered ${answer.subarray(0, 4).toString('hex')}`);
    socket.end(Buffer.from([0xe0, 0]));
  } finally {
    socket.destroySoon();
  }
}

const keepsSession = 0x00;
const [hasUser, hasPassword] = [0x80, 0x40];

function connectPacket(session: string, user: string, password: string): Buffer {
  const flags = keepsSession | hasUser | hasPassword;
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, flags, 0, 30]), ...[session, user, password].map(text)]);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest >>= 7) length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  return Buffer.concat([Buffer.from([0x10, ...length]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
