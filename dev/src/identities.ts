import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, newAuthority } from './authority.ts';
import { writeWhole } from './home.ts';

/** What the sidecars' certificates say beside the process's name, wherever the platform runs: see dapr/access.yaml. */
export const namespace = 'cabinet';
const trustDomain = 'public';

/** The name of sentry itself, which its own defaults give it. */
const sentryId = 'spiffe://localhost/ns/default/dapr-sentry';

/** How sidecars prove to each other whose they are. */
export interface Identities {
  /** Whom they trust to vouch for theirs, and what sentry signs them by. */
  authority: Authority;
  /** Sentry's configuration: it takes only the tokens made here. */
  configuration: string;
  /** By process: what its sidecar shows sentry to be given a certificate in the name of this process. */
  tokens: Record<string, string>;
}

/** New ones; the key that signed the tokens is forgotten, so nobody makes more of them. */
export function newIdentities(processes: string[]): Identities {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'EdDSA', use: 'sig' }] };
  const configuration = {
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Configuration',
    metadata: { name: 'sentry' },
    spec: { mtls: { tokenValidators: [{ name: 'jwks', options: { source: JSON.stringify(jwks) } }] } },
  };
  return {
    authority: newAuthority('cabinet'),
    // Also YAML, which is what it is read as.
    configuration: JSON.stringify(configuration),
    tokens: Object.fromEntries(processes.map((name) => [name, token(name, privateKey)])),
  };
}

const keyId = 'platform';

/** It does not end by itself: a sidecar shows it again whenever its certificate, good for a day, is to be renewed. */
function token(process: string, key: KeyObject): string {
  const claims = { aud: sentryId, sub: `spiffe://${trustDomain}/ns/${namespace}/${process}` };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'EdDSA', kid: keyId })}.${encode(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

const anchorFile = 'anchor.crt';
const issuerFile = 'issuer.crt';
const keyFile = 'issuer.key';
const configurationFile = 'sentry.yaml';

/** Writes new ones into a folder, in the place of those of an earlier run. */
export function writeIdentities(folder: string, processes: string[]): void {
  const { authority, configuration, tokens } = newIdentities(processes);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (file: string, content: string) => writeWhole(join(folder, file), content, 0o600);
  write(anchorFile, authority.anchor);
  write(issuerFile, authority.issuer);
  write(keyFile, authority.key);
  write(configurationFile, configuration);
  for (const [name, content] of Object.entries(tokens)) write(name, content);
}

/** What sentry is started with to serve the identities in this folder. */
export function sentryFlags(folder: string): Record<string, string> {
  return {
    config: join(folder, configurationFile),
    'issuer-ca-filename': join(folder, anchorFile),
    'issuer-certificate-filename': join(folder, issuerFile),
    'issuer-key-filename': join(folder, keyFile),
  };
}

/** What the sidecar of this process is given by its environment to prove itself. */
export function identityEnvironment(folder: string, process: string): Record<string, string> {
  return {
    NAMESPACE: namespace,
    DAPR_TRUST_ANCHORS: readFileSync(join(folder, anchorFile), 'utf8'),
    DAPR_SENTRY_TOKEN_FILE: join(folder, process),
  };
}
