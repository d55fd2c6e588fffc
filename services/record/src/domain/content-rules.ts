import { type FieldError, InvalidInput, invalidField } from '@cabinet/kit';
import type { Allergy, Condition, Contents, Encounter, EntryKind } from './contents.js';
import { assertPastDay, toInstant } from './times.js';

/** @throws 422 naming the field, for content that contradicts itself or the calendar */
export function assertSound<K extends EntryKind>(kind: K, content: Contents[K], now: Date): void {
  if (kind === 'allergy') assertSoundAllergy(content as Allergy, now);
  if (kind === 'condition') assertSoundCondition(content as Condition, now);
  if (kind === 'encounter') assertSoundEncounter(content as Encounter);
}

function assertSoundAllergy({ onset, reactions = [] }: Allergy, now: Date): void {
  assertPastDay(onset, 'onset', now);
  for (const [index, reaction] of reactions.entries()) {
    assertPastDay(reaction.onset, `reactions[${index}].onset`, now);
  }
}

// FHIR R4 con-4: what has abated is no longer active.
const abated = ['inactive', 'remission', 'resolved'];

function assertSoundCondition({ clinicalStatus, onset, abatement }: Condition, now: Date): void {
  assertPastDay(onset, 'onset', now);
  assertPastDay(abatement, 'abatement', now);
  const fields: FieldError[] = [];
  if (abatement && !abated.includes(clinicalStatus)) {
    fields.push({ path: 'abatement', code: 'STILL_ACTIVE', message: `does not go with the status ${clinicalStatus}` });
  }
  if (abatement && onset && abatement < onset) {
    fields.push({ path: 'abatement', code: 'BEFORE_ONSET', message: 'is before the onset' });
  }
  if (fields.length > 0) throw new InvalidInput(fields);
}

function assertSoundEncounter({ period, status }: Encounter): void {
  const start = toInstant(period.start, 'period.start');
  const end = period.end === undefined ? undefined : toInstant(period.end, 'period.end');
  if (end && end < start) throw invalidField('period.end', 'END_BEFORE_START', 'is before the start');
  if (status === 'finished' && !end) throw invalidField('period.end', 'REQUIRED', 'is needed once it is finished');
}
