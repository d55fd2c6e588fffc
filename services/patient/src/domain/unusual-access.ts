import { createHmac } from 'node:crypto';
import type { Principal } from '@cabinet/kit/access/principal';
import { type Reason, severityOf } from './unusual-rules.js';

/** Where it stands: a line of the audit trail of a service. */
export interface AccessLine {
  service: string;
  sequence: number;
  at: Date;
  action: string;
  purpose?: string;
}

export interface AccessVerdict {
  finding: 'justified' | 'not-justified';
  words: string;
  /** User id of the reviewer. */
  by: string;
  at: Date;
}

/** Who looked: in whichever account, they never judge it. */
export interface Looker {
  /** User id. */
  actor: string;
  practitionerId?: string;
  /** The patient they are, where they are one of the practice as well. */
  ownPatientId?: string;
}

/** What somebody of the practice saw of one patient on one day, and what of it is unusual; or of how many patients. */
export interface UnusualAccess extends Looker {
  id: string;
  /** One more with each thing more that is found; a verdict is of one. */
  version: number;
  /** Left out: it is about how many there were. */
  patientId?: string;
  /** Of the practice, YYYY-MM-DD. */
  day: string;
  reasons: readonly Reason[];
  /** True when it is to be reviewed. */
  isSampled: boolean;
  /** How many within an hour, and how many are usual. */
  patients?: number;
  usual?: number;
  /** The first of them. */
  lines: readonly AccessLine[];
  firstAt: Date;
  lastAt: Date;
  /** When a verdict is due. */
  dueAt: Date;
  verdict?: AccessVerdict;
}

const reviewedWithinMs = 7 * 24 * 3_600_000;
const linesMax = 20;

export const dueAfter = (found: Date): Date => new Date(found.getTime() + reviewedWithinMs);

export const isEscalated = ({ verdict, dueAt }: UnusualAccess, now: Date): boolean => !verdict && dueAt <= now;

/** Who is to judge, and whose guardian they are. */
export type Reviewer = Pick<Principal, 'id' | 'practitionerId' | 'patientId'> & { wards: readonly string[] };

/** Nobody judges what they did themselves, in whichever role or account, nor what was seen of them or of whose guardian they are. */
export function isTheirs(access: UnusualAccess, { id, practitionerId, patientId, wards }: Reviewer): boolean {
  return (
    (access.patientId !== undefined && wards.includes(access.patientId)) ||
    access.actor === id ||
    (practitionerId !== undefined && access.practitionerId === practitionerId) ||
    (patientId !== undefined && (access.ownPatientId === patientId || access.patientId === patientId))
  );
}

/** What more was seen on the same day. */
export function withMore(
  access: UnusualAccess,
  { reasons, lines, patients, usual }: Pick<UnusualAccess, 'reasons' | 'lines' | 'patients' | 'usual'>,
  sample: ReviewSample,
): UnusualAccess {
  const all: Reason[] = [...new Set([...access.reasons, ...reasons])];
  // A trail that was cut is told anew.
  const further = lines.filter((line) => !access.lines.some((each) => isSame(each, line)));
  const shown = [...access.lines, ...further].slice(0, linesMax);
  const isMore =
    all.length > access.reasons.length ||
    shown.length > access.lines.length ||
    (patients ?? 0) > (access.patients ?? 0);
  const times = lines.map(({ at }) => at.getTime());
  return {
    ...access,
    version: access.version + (isMore ? 1 : 0),
    reasons: all,
    isSampled: access.isSampled || sample.has({ ...access, reasons: all }),
    patients: Math.max(patients ?? 0, access.patients ?? 0) || undefined,
    usual: usual ?? access.usual,
    lines: shown,
    firstAt: new Date(Math.min(access.firstAt.getTime(), ...times)),
    lastAt: new Date(Math.max(access.lastAt.getTime(), ...times)),
  };
}

const isSame = (one: AccessLine, other: AccessLine): boolean =>
  one.service === other.service && one.sequence === other.sequence && one.at.getTime() === other.at.getTime();

/** Which of what is found is reviewed: nobody chooses, and nobody who has not the key can tell before. */
export class ReviewSample {
  private readonly key: Buffer;

  /** @param sharePercent of what weighs little, 0 to 100; what weighs much is always reviewed */
  constructor(
    secret: string,
    private readonly sharePercent: number,
  ) {
    this.key = createHmac('sha256', secret).update('sample of unusual accesses').digest();
  }

  /** The same for the same access, however often it is asked. */
  has({ actor, patientId, day, reasons }: Pick<UnusualAccess, 'actor' | 'patientId' | 'day' | 'reasons'>): boolean {
    if (severityOf(reasons) === 'high') return true;
    const digest = createHmac('sha256', this.key)
      .update(JSON.stringify([actor, patientId, day]))
      .digest();
    return digest.readUInt32BE(0) / 2 ** 32 < this.sharePercent / 100;
  }
}
