import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { SecureClientSessionOptions } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callGrpc, firstField, type GrpcAnswer, message } from './grpc.ts';

const jwks = 3;

/** A key and what it asks to be certified by: a certificate of its own making, or a request to be signed. */
function newKey(kind: 'request' | 'certificate'): { key: Buffer; pem: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-identity-'));
  const [keyFile, file] = [join(folder, 'key'), join(folder, kind)];
  const extra =
    kind === 'certificate' ? ['-x509', '-addext', 'subjectAltName=URI:spiffe://public/ns/cabinet/appointment'] : [];
  const args = [
    'req',
    '-new',
    ...extra,
    '-newkey',
    'ed25519',
    '-nodes',
    '-subj',
    '/CN=x',
    '-keyout',
    keyFile,
    '-out',
    file,
  ];
  try {
    execFileSync('openssl', args, { stdio: 'ignore' });
    return { key: readFileSync(keyFile), pem: readFileSync(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** TLS without a look at whom it speaks to, which is not what is tried. */
const trusting: SecureClientSessionOptions = { rejectUnauthorized: false, ALPNProtocols: ['h2'] };

export interface Certified extends GrpcAnswer {
  tls: SecureClientSessionOptions;
}

/** Asks sentry for a certificate in the name of a process, as its sidecar does, with this token. */
export async function certificateOf(sentryPort: number, process: string, token: string): Promise<Certified> {
  const { key, pem } = newKey('request');
  const request = message({ 1: process, 2: token, 4: 'cabinet', 5: pem, 6: token ? jwks : 0 });
  const answer = await callGrpc(sentryPort, '/dapr.proto.sentry.v1.CA/SignCertificate', request, trusting);
  const cert = answer.status === 0 ? firstField(answer.body) : undefined;
  return { ...answer, tls: { ...trusting, key, cert } };
}

/** What a stranger can have: TLS without a certificate, or with one of their own making. */
export const anonymous = trusting;
export function selfMade(): SecureClientSessionOptions {
  const { key, pem } = newKey('certificate');
  return { ...trusting, key, cert: pem };
}

const verbs = { GET: 1, POST: 3 };

/** Asks a process through the port that its sidecar has for other sidecars, as those do. */
export function callLocal(port: number, verb: keyof typeof verbs, method: string, tls?: SecureClientSessionOptions) {
  const data = message({ 2: '{}' });
  const invocation = message({ 1: method, 2: data, 3: 'application/json', 4: message({ 1: verbs[verb] }) });
  const headers = message({ 1: 'content-type', 2: message({ 1: 'application/json' }) });
  const call = message({ 1: 1, 2: headers, 3: invocation });
  return callGrpc(port, '/dapr.proto.internals.v1.ServiceInvocation/CallLocal', call, tls);
}
