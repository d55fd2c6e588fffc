import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

type Cbor = number | string | Buffer | Map<number | string, Cbor>;

/** As much of CBOR (RFC 8949) as authenticators write. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const items = [...value].flatMap(([key, item]) => [cbor(key), cbor(item)]);
  return Buffer.concat([head(5, value.size), ...items]);
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument]);
  if (argument < 256) return Buffer.from([(major << 5) | 24, argument]);
  return Buffer.from([(major << 5) | 25, argument >> 8, argument & 255]);
}

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest();
const base64url = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');

export interface Behaviour {
  origin: string;
  rpId: string;
  /** Whether the device asked for finger, face or number. */
  verifiesUser: boolean;
  /** Whether the key may be on several devices. */
  syncs: boolean;
  /** What the device counts; undefined: it does not. */
  counter?: number;
  algorithm: 'ES256' | 'EdDSA';
}

const usual: Behaviour = {
  origin: 'https://practice.example',
  rpId: 'practice.example',
  verifiesUser: true,
  syncs: true,
  algorithm: 'ES256',
};

/** An authenticator with one passkey and the browser before it: real keys, real CBOR and COSE, real signatures. */
export class Authenticator {
  readonly id = randomBytes(16);
  userHandle?: string;
  private readonly behaviour: Behaviour;
  private readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  constructor(behaviour: Partial<Behaviour> = {}) {
    this.behaviour = { ...usual, ...behaviour };
    const pair =
      this.behaviour.algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
    ({ publicKey: this.publicKey, privateKey: this.privateKey } = pair);
  }

  /** What `navigator.credentials.create()` gives, as JSON. */
  create(options: { challenge: string; user: { id: string } }, changes: Partial<Behaviour> = {}) {
    const behaviour = { ...this.behaviour, ...changes };
    this.userHandle = options.user.id;
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cbor(this.coseKey())]);
    const authData = Buffer.concat([this.authenticatorData(behaviour, 0x40), attested]);
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return this.credential({
      clientDataJSON: base64url(this.clientData('webauthn.create', options.challenge, behaviour)),
      attestationObject: base64url(cbor(attestation)),
      transports: ['internal', 'hybrid'],
    });
  }

  /** What `navigator.credentials.get()` gives, as JSON; a device that counts has counted one more. */
  sign(options: { challenge: string }, changes: Partial<Behaviour> = {}) {
    if (this.behaviour.counter !== undefined) this.behaviour.counter += 1;
    const behaviour = { ...this.behaviour, ...changes };
    const authenticatorData = this.authenticatorData(behaviour, 0);
    const clientData = this.clientData('webauthn.get', options.challenge, behaviour);
    const data = Buffer.concat([authenticatorData, sha256(clientData)]);
    return this.credential({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authenticatorData),
      signature: base64url(sign(behaviour.algorithm === 'ES256' ? 'sha256' : null, data, this.privateKey)),
      userHandle: this.userHandle,
    });
  }

  private credential<R extends object>(response: R) {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: { credProps: { rk: true } }, response };
  }

  private clientData(type: string, challenge: string, { origin }: Behaviour): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  private authenticatorData({ rpId, verifiesUser, syncs, counter = 0 }: Behaviour, more: number): Buffer {
    const flags = 0x01 | (verifiesUser ? 0x04 : 0) | (syncs ? 0x18 : 0) | more;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  }

  private coseKey(): Map<number, Cbor> {
    const { x = '', y = '' } = this.publicKey.export({ format: 'jwk' });
    const point = (text: string) => Buffer.from(text, 'base64url');
    const ofCurve: [number, Cbor][] =
      this.behaviour.algorithm === 'ES256'
        ? [
            [1, 2],
            [3, -7],
            [-1, 1],
            [-2, point(x)],
            [-3, point(y)],
          ]
        : [
            [1, 1],
            [3, -8],
            [-1, 6],
            [-2, point(x)],
          ];
    return new Map(ofCurve);
  }
}
