import { isId } from '@cabinet/kit/ids';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { z } from 'zod';
import { neighbour, type SidecarAddress } from '../sidecar/invoke.js';
import type { AuditEvent, SealedEvent } from './chain.js';
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
  /** The last place that was looked at for it. */
  until: number;
  accesses: ToldAccess[];
}

/** Takes a part that follows what it had before. @returns how far it has got, which is where to go on */
export type TakeAccesses = (told: ToldAccesses) => Promise<number>;

/** Tells what people of the practice saw or changed since it was told before. */
export const tellAccesses = (trail: AuditTrail, take: TakeAccesses, { log }: { log: Logger }, everyMs = 20_000) =>
  new PeriodicTask(() => tellNext(trail, take), {
    everyMs,
    failed: (error, inRow) => log.warn({ err: error, inRow }, 'who saw whose data is looked at later'),
  });

const linesMax = 200;

/** Whoever takes it knows how far it has got: nothing is told twice or left out, whichever process dies. */
async function tellNext(trail: AuditTrail, take: TakeAccesses): Promise<void> {
  // What was before anybody looked is left alone.
  const end = (await trail.head())?.sequence ?? 0;
  let after = await take({ after: end, until: end, accesses: [] });
  for (let isMore = true; isMore; ) {
    const lines = await trail.after(after, linesMax);
    if (lines.length === 0) return;
    const told = partOf(lines, after);
    isMore = told.until < (lines.at(-1) as SealedEvent).sequence || lines.length === linesMax;
    after = await take(told);
  }
}

/** As much as one body may have in it, whatever its lines name. */
const valuesMax = 3_000;
const valuesOfLine = 30;
/** More than any page of a list has; of an import, which names thousands, these stand for all. */
const subjectsMax = 400;

function partOf(lines: readonly SealedEvent[], after: number): ToldAccesses {
  const accesses: ToldAccess[] = [];
  let until = after;
  let values = 0;
  for (const line of lines) {
    const access = accessIn(line);
    values += access ? valuesOfLine + access.subjects.length : 0;
    if (values > valuesMax && until > after) break;
    if (access) accesses.push(access);
    until = line.sequence;
  }
  return { after, until, accesses };
}

const staff = ['practitioner', 'secretary', 'admin'];

/** Undefined for what nobody of the practice did, and for what was refused: nothing was seen. */
function accessIn(line: SealedEvent): ToldAccess | undefined {
  const { sequence, at, actor, roles, practitionerId, purpose, action, outcome } = line;
  const subjects = line.subjects.filter(isId).slice(0, subjectsMax);
  if (outcome >= 400 || subjects.length === 0 || !roles.some((role) => staff.includes(role))) return undefined;
  return { sequence, at, actor, roles, practitionerId, purpose, action, subjects };
}

const answerForm = z.object({ after: z.int().min(0) });

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
    return answerForm.parse(await response.json()).after;
  };
}
