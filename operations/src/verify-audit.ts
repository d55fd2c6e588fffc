import { readFileSync } from 'node:fs';
import type { ChainVerdict, Fault } from '@cabinet/service/audit/verify';
import { Platform } from '../../dev/src/platform.ts';
import { Problem } from '../../dev/src/problem.ts';
import { auditKeys } from '../../dev/src/process-secrets.ts';
import { readProcesses } from '../../dev/src/processes.ts';
import { secret } from '../../dev/src/secrets.ts';
import { AuditHeads } from './audit-heads.ts';
import { type TrailPlace, verifyTrails } from './audit-trails.ts';

export interface VerifyOptions {
  json: boolean;
  /** Where the heads of earlier verifications are kept. */
  heads?: string;
  /** Where the trails are, when not on this machine's platform: JSON, `[{ "service", "url", "keys" }]`. */
  trails?: string;
  /** Why what is found is right, so that it is told no more. */
  accept?: string;
}

/**
 * Recomputes the chain of each service's audit trail, compares it with what other services and earlier verifications noted
 * of it, and says where it is not what was written.
 * @returns the exit code: 1 when a trail is not whole
 */
export async function verifyAudit({ json, trails, accept, ...options }: VerifyOptions): Promise<number> {
  const platform = Platform.running();
  if (!platform && !trails) throw new Problem('Cabinet is not running: npm run up starts it.');
  const file = options.heads ?? platform?.home.data('audit-heads.json');
  if (!file) throw new Problem('say by --heads FILE where the heads of trails that are elsewhere are kept.');
  if (platform && !trails) {
    const absent = audited().filter((name) => !platform.services.includes(name));
    if (absent.length > 0) console.error(`Not looked at, since they were not started: ${absent.join(', ')}`);
  }
  const heads = new AuditHeads(file);
  const found = await verifyTrails(trails ? readPlaces(trails) : placesOn(platform as Platform), heads.known());
  if (accept) for (const [service, { faults }] of Object.entries(found)) heads.accept(service, faults, accept);
  const verdicts = heads.judge(found);
  for (const [service, { isWhole, head }] of Object.entries(verdicts)) if (isWhole) heads.note(service, head);
  heads.save();
  if (json) console.log(JSON.stringify(verdicts, null, 2));
  else for (const [service, verdict] of Object.entries(verdicts)) console.log(inWords(service, verdict));
  return Object.values(verdicts).every(({ isWhole }) => isWhole) ? 0 : 1;
}

/** The verdict on the trail of each service, by what the services note of each other. */
export const verifiedChains = (platform: Platform): Promise<Record<string, ChainVerdict>> =>
  verifyTrails(placesOn(platform));

const audited = (): string[] => readProcesses().flatMap(({ name, audited }) => (audited ? [name] : []));

export const placesOn = (platform: Platform): TrailPlace[] =>
  audited()
    .filter((name) => platform.services.includes(name))
    .map((service) => ({
      service,
      url: platform.databaseUrl(service),
      keys: auditKeys(service, (name) => secret(platform.home, name)),
    }));

function readPlaces(file: string): TrailPlace[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem(`${file} cannot be read: ${(error as Error).message}`);
  }
}

const faultsShown = 20;

function inWords(
  service: string,
  { isWhole, events, head, compared, faults, faulty, accepted }: ReturnType<AuditHeads['judge']>[string],
): string {
  const about = `${events} events   ${compared} heads compared${accepted > 0 ? `   ${accepted} faults accepted` : ''}`;
  const name = service.padEnd(12);
  if (isWhole) return `${name} whole    ${about}   head ${head.sequence} ${head.hash}`;
  const shown = faults.slice(0, faultsShown).map((fault) => `             ${faultInWords(fault)}`);
  const more = faulty > shown.length ? [`             and ${faulty - shown.length} more`] : [];
  return [`${name} BROKEN   ${about}`, ...shown, ...more].join('\n');
}

function faultInWords({ kind, sequence, until, by }: Fault): string {
  const where = until === undefined || until === sequence ? `event ${sequence}` : `events ${sequence} to ${until}`;
  const what = {
    changed: 'is not what was written there: changed, moved or put in',
    missing: 'missing: taken out',
    unkeyed: 'is sealed by no key: put in by somebody without one',
    'key-unknown': 'is sealed by a key that AUDIT_KEYS does not have',
    rewritten: `rewritten: ${by} noted otherwise`,
    'cut-off': `cut off at the end: ${by} noted them`,
  }[kind];
  return `${where}: ${what}`;
}
