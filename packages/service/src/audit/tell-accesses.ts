import { isId } from '@cabinet/kit/ids';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { z } from 'zod';
import { neighbour, type SidecarAddress } from '../sidecar/invoke.js';
import { type AuditEvent, chainStart, type SealedEvent } from './chain.js';
import type { AuditTrail } from './trail.js';

/** The service that is told who of the practice saw whose data, and finds out what of it is unusual. */
export const keeperOfAccesses = 'patient';
export const accessesPath = '/api/patients/accesses';

/** A line of a trail, as far as it takes to see whether it is unusual. */
export type ToldAccess = Pick<
  AuditEvent,
  'at' | 'actor' | 'roles' | 'practitionerId' | 'purpose' | 'action' | 'subjects'
> & { sequence: number };

/** The next part of a trail. */
export interface ToldAccesses {
  /** The place in the chain that it follows. */
  after: number;
  /** The last place that was looked at for it; one before `after` where the trail was cut, and what follows it is told anew. */
  until: number;
  /** Of the line at `until`. */
  hash?: string;
  /** True when nothing more stands in the trail. */
  isAll?: boolean;
  accesses: ToldAccess[];
}

/** How far a trail was looked at. */
export interface TakenAccesses {
  after: number;
  /** Of the line there, as it was told. */
  hash?: string;
  /** When it had last been looked at to its end. */
  lookedAt: Date;
}

/** Takes a part that follows what it had before. @returns how far it has got, which is where to go on */
export type TakeAccesses = (told: ToldAccesses) => Promise<TakenAccesses>;

/** Tells what people of the practice saw or changed since it was told before. */
export const tellAccesses = (trail: AuditTrail, take: TakeAccesses, { log }: { log: Logger }, everyMs = 20_000) =>
  new PeriodicTask((stopping) => tellNext(trail, take, log, stopping), {
    everyMs,
    failed: (error, inRow) => log.warn({ err: error, inRow }, 'who saw whose data is looked at later'),
  });

/** Whoever takes it knows how far it has got: nothing is told twice or left out, whichever process dies. */
async function tellNext(trail: AuditTrail, take: TakeAccesses, log: Logger, stopping: AbortSignal): Promise<void> {
  // What was before anybody looked is left alone; later this asks how far it has got.
  const { sequence, hash } = (await trail.head()) ?? chainStart;
  let taken = await take({ after: sequence, until: sequence, hash, accesses: [] });
  if (!(await has(trail, taken))) {
    const part = await beforeCut(trail, taken);
    log.warn({ after: part.until }, 'the audit trail is not the one of which accesses were told: it is told anew');
    taken = await take(part);
  }
  // After days without whoever takes it there is more than a process that stops may wait for.
  for (let isAll = false; !isAll && !stopping.aborted; ) {
    const part = partOf(await trail.after(taken.after, linesMax), taken);
    isAll = part.isAll === true;
    taken = await take(part);
  }
}

/** False when the trail ends before that, or has another line there: a backup was restored. */
async function has(trail: AuditTrail, { after, hash }: TakenAccesses): Promise<boolean> {
  if (after === 0) return true;
  const [line] = await trail.after(after - 1, 1);
  return line?.sequence === after && (hash === undefined || line.hash === hash);
}

/** Clocks of two services differ by less. */
const marginMs = 60_000;

/** What was written since can be nothing that was looked at; what is told twice is found once. */
async function beforeCut(trail: AuditTrail, { after, lookedAt }: TakenAccesses): Promise<ToldAccesses> {
  const to = new Date(lookedAt.getTime() - marginMs);
  const [{ sequence, hash } = chainStart] = await trail.find({ to, limit: 1 });
  return { after, ...(sequence < after ? { until: sequence, hash } : { until: after - 1 }), accesses: [] };
}

const linesMax = 200;
/** As much as one body may have in it, whatever its lines name. */
const valuesMax = 3_000;
const valuesOfLine = 30;
/** More than any page of a list has; of an import, which names thousands, these stand for all. */
const subjectsMax = 400;

/** @param lines that follow what was taken */
function partOf(lines: readonly SealedEvent[], { after, hash }: TakenAccesses): ToldAccesses {
  const part = { after, until: after, hash, accesses: [] as ToldAccess[] };
  let values = 0;
  for (const line of lines) {
    const access = accessIn(line);
    values += access ? valuesOfLine + access.subjects.length : 0;
    if (values > valuesMax && part.until > after) return part;
    if (access) part.accesses.push(access);
    Object.assign(part, { until: line.sequence, hash: line.hash });
  }
  return { ...part, isAll: lines.length < linesMax };
}

const staff = ['practitioner', 'secretary', 'admin'];

/** Undefined for what nobody of the practice did, and for what was refused: nothing was seen. */
function accessIn(line: SealedEvent): ToldAccess | undefined {
  const { sequence, at, actor, roles, practitionerId, purpose, action, outcome } = line;
  const subjects = line.subjects.filter(isId).slice(0, subjectsMax);
  if (outcome >= 400 || subjects.length === 0 || !roles.some((role) => staff.includes(role))) return undefined;
  return { sequence, at, actor, roles, practitionerId, purpose, action, subjects };
}

const answerForm = z.object({ after: z.int().min(0), hash: z.string().optional(), lookedAt: z.coerce.date() });

/** Tells it to the service that keeps it, through the own sidecar. */
export function neighbourKeepingAccesses(sidecar: SidecarAddress): TakeAccesses {
  const ask = neighbour(sidecar, keeperOfAccesses);
  return async (told) => {
    const request = new Request(`http://${keeperOfAccesses}${accessesPath}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(told),
    });
    const response = await ask(request);
    if (!response.ok) throw new Error(`${keeperOfAccesses} answered ${response.status}`);
    return answerForm.parse(await response.json());
  };
}
