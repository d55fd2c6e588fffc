import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const day = 86_400_000;
const lifetimeMs = 3650 * day;

/** A new certificate authority: the anchor that others trust, and the issuer that signs for it, by its key. All in PEM. */
export interface Authority {
  anchor: string;
  issuer: string;
  key: string;
}

/** The anchor's own key is forgotten: it has vouched for its issuer, and vouches for nobody else. */
export function newAuthority(name: string): Authority {
  const anchor = generateKeyPairSync('ed25519');
  const issuer = generateKeyPairSync('ed25519');
  const anchorName = `${name} anchor`;
  return {
    anchor: certificate(anchorName, anchor.publicKey, anchorName, anchor.privateKey),
    issuer: certificate(`${name} issuer`, issuer.publicKey, anchorName, anchor.privateKey),
    key: issuer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** The certificate of an authority, signed by one of that name. */
function certificate(subject: string, publicKey: KeyObject, signer: string, signerKey: KeyObject): string {
  const algorithm = sequence(oid(ed25519));
  const nameOf = (text: string) => sequence(set(sequence(oid(commonName), der(0x0c, Buffer.from(text)))));
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40);
  const body = sequence(
    der(0xa0, integer(2)),
    der(0x02, serial),
    algorithm,
    nameOf(signer),
    // A day early, for clocks that are behind.
    sequence(time(Date.now() - day), time(Date.now() + lifetimeMs)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        critical(basicConstraints, sequence(boolean(true))),
        // It signs certificates and lists of those revoked, and nothing else.
        critical(keyUsage, der(0x03, Buffer.from([1, 0x06]))),
      ),
    ),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign(null, body, signerKey)]));
  const text = sequence(body, algorithm, signature)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}

// What follows writes ASN.1 in its distinguished encoding (X.690), as much of it as a certificate has (RFC 5280, RFC 8410).

const ed25519 = [0x2b, 0x65, 0x70];
const commonName = [0x55, 0x04, 0x03];
const basicConstraints = [0x55, 0x1d, 0x13];
const keyUsage = [0x55, 0x1d, 0x0f];

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...items: Buffer[]): Buffer => der(0x30, ...items);
const set = (...items: Buffer[]): Buffer => der(0x31, ...items);
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));
const oid = (bytes: number[]): Buffer => der(0x06, Buffer.from(bytes));
const critical = (id: number[], value: Buffer): Buffer => sequence(oid(id), boolean(true), der(0x04, value));

/** Until 2049 in two digits of the year, as RFC 5280 wants it. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}
