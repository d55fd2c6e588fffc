import type { Clock } from '@cabinet/kit/clock';
import { currentContext } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import type { AuditEvent } from './chain.js';
import type { AuditTrail } from './trail.js';

/** What the trail will say of a change if its process dies before the answer. */
export interface ChangeNote {
  id: string;
  event: AuditEvent;
}

/** The note of what the request at hand changes, to be stored with it; undefined when that is nobody's data. */
export function changeAtHand(): ChangeNote | undefined {
  const context = currentContext();
  if (!context?.auditEvent || !context.subjects?.size) return undefined;
  context.auditNotes ??= { ids: [newId()], before: 0, noted: 0 };
  const notes = context.auditNotes;
  const subjects = [...context.subjects];
  // An import changes thousands, part by part: what is noted of one part is not written again with each that follows.
  if (subjects.length - notes.before > subjectsMax && notes.noted > notes.before) {
    notes.before = notes.noted;
    notes.ids.push(newId());
  }
  notes.noted = subjects.length;
  const event = context.auditEvent(subjects.slice(notes.before)) as AuditEvent;
  return { id: notes.ids.at(-1) as string, event };
}

const subjectsMax = 1_000;

/** As it was before it was stored as JSON. */
export const readNote = (event: object): AuditEvent => {
  const { at, ...rest } = event as Omit<AuditEvent, 'at'> & { at: string };
  return { ...rest, at: new Date(at) };
};

/** Longer than any request takes: an import has two minutes. */
const leftMs = 150_000;
const everyMs = 15_000;

/** Puts into the trail, in place of processes that died or could not, what stands in notes that no answer has taken away. */
export const sealLeftNotes = (trail: AuditTrail, { clock, log }: { clock: Clock; log: Logger }): PeriodicTask =>
  new PeriodicTask(() => trail.sealLeft(new Date(clock.now().getTime() - leftMs)), {
    everyMs,
    failed: (error, inRow) => log.warn({ err: error, inRow }, 'changes wait to be in the audit trail'),
  });
