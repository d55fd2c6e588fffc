import { type FieldError, InvalidInput, invalidField } from '@cabinet/kit/errors';
import type { Allergy, Condition, Contents, Encounter, EncounterStatus, EntryKind } from './contents.js';
import { deniedIn } from './no-known-allergy.js';
import { assertPastDate, isDateBefore, toInstant } from './times.js';

/** @throws 422 naming the field, for content that contradicts itself or the calendar */
export function assertSound<K extends EntryKind>(kind: K, content: Contents[K], now: Date): void {
  if (kind === 'allergy') assertSoundAllergy(content as Allergy, now);
  if (kind === 'condition') assertSoundCondition(content as Condition, now);
  if (kind === 'encounter') assertSoundEncounter(content as Encounter, now);
}

function assertSoundAllergy(allergy: Allergy, now: Date): void {
  const { onset, reactions = [] } = allergy;
  assertIsAllergy(allergy);
  assertPastDate(onset, 'onset', now);
  for (const [index, reaction] of reactions.entries()) {
    assertPastDate(reaction.onset, `reactions[${index}].onset`, now);
  }
}

/** What is refuted or entered in error may be anything: that is how it leaves the list. */
function assertIsAllergy({ code, verificationStatus }: Allergy): void {
  const denied = ['refuted', 'entered-in-error'].includes(verificationStatus) ? undefined : deniedIn(code);
  if (!denied) return;
  const advice = denied.isWhole
    ? 'POST .../allergies/no-known states it'
    : 'write it in a note, or state that no allergy at all is known with POST .../allergies/no-known';
  throw invalidField(denied.path, 'NOT_AN_ALLERGY', `says that no allergy is known; ${advice}`);
}

// FHIR R4 con-4: what has abated is no longer active.
const abated = ['inactive', 'remission', 'resolved'];

function assertSoundCondition({ clinicalStatus, onset, abatement }: Condition, now: Date): void {
  assertPastDate(onset, 'onset', now);
  assertPastDate(abatement, 'abatement', now);
  const fields: FieldError[] = [];
  if (abatement && !abated.includes(clinicalStatus)) {
    fields.push({ path: 'abatement', code: 'STILL_ACTIVE', message: `does not go with the status ${clinicalStatus}` });
  }
  if (abatement && onset && isDateBefore(abatement, onset)) {
    fields.push({ path: 'abatement', code: 'BEFORE_ONSET', message: 'is before the onset' });
  }
  if (fields.length > 0) throw new InvalidInput(fields);
}

// Clocks of computers in a practice differ; nobody's by more than this.
const clocksDifferMsMax = 5 * 60_000;
const begun: EncounterStatus[] = ['arrived', 'triaged', 'in-progress', 'onleave', 'finished'];

function assertSoundEncounter({ period, status }: Encounter, now: Date): void {
  const start = toInstant(period.start, 'period.start');
  const end = period.end === undefined ? undefined : toInstant(period.end, 'period.end');
  if (end && end < start) throw invalidField('period.end', 'END_BEFORE_START', 'is before the start');
  if (status === 'finished' && !end) throw invalidField('period.end', 'REQUIRED', 'is needed once it is finished');
  const latest = new Date(now.getTime() + clocksDifferMsMax);
  if (begun.includes(status) && start > latest) throw stillToCome('period.start', status);
  if (status === 'finished' && end && end > latest) throw stillToCome('period.end', status);
}

const stillToCome = (path: string, status: EncounterStatus): InvalidInput =>
  invalidField(path, 'IN_THE_FUTURE', `is still to come, which does not go with the status ${status}`);
