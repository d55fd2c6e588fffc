import type { Ages } from './ages.js';
import { TooMuchToMerge } from './errors.js';
import type { Patient } from './patient.js';
import type { PatientTransaction } from './ports.js';
import { fitted, isAnother, type RelatedPerson, relatedMax } from './related-person.js';

interface Rules {
  ages: Ages;
  now: Date;
}

/** Adapts who acts for a patient, and for whom they act, to what has changed of them. */
export async function refitRelatedPersons(
  tx: PatientTransaction,
  { before, after }: { before: Patient; after: Patient },
  rules: Rules,
): Promise<void> {
  for (const relation of await tx.related.of([after.id], rules.now)) {
    const people = await peopleOf(tx, relation, { before, after });
    await keep(tx, relation, fitted(relation, people, rules));
  }
}

/**
 * What one of two registrations of a person had, the one who stays has. Where both had the same person, the relation of the
 * one who stays goes on.
 * @throws TooMuchToMerge (409) when too many would act for one, or one for too many
 */
export async function carryRelatedPersons(
  tx: PatientTransaction,
  { merged, survivor }: { merged: Patient; survivor: Patient },
  rules: Rules,
): Promise<void> {
  const all = await tx.related.of([merged.id, survivor.id], rules.now);
  const isOfSurvivor = ({ patientId, relatedPatientId }: RelatedPerson) =>
    patientId !== merged.id && relatedPatientId !== merged.id;
  const now = (id: string) => (id === merged.id ? survivor.id : id);
  const pairs = new Set<string>();
  const staying = new Map<string, number>();
  for (const relation of [...all.filter(isOfSurvivor), ...all.filter((each) => !isOfSurvivor(each))]) {
    const moved = { ...relation, patientId: now(relation.patientId), relatedPatientId: now(relation.relatedPatientId) };
    const before = relation.patientId === merged.id ? merged : survivor;
    const pair = `${moved.patientId} ${moved.relatedPatientId}`;
    const isNeeded = moved.patientId !== moved.relatedPatientId && !pairs.has(pair);
    const next = isNeeded
      ? fitted(moved, await peopleOf(tx, moved, { before, after: survivor }), rules)
      : { ...relation, endedAt: rules.now };
    if (!next.endedAt) {
      pairs.add(pair);
      for (const side of [`for ${next.patientId}`, `by ${next.relatedPatientId}`]) {
        const count = (staying.get(side) ?? 0) + 1;
        if (count > relatedMax) throw new TooMuchToMerge(['relatedPersons'], relatedMax);
        staying.set(side, count);
      }
    }
    await keep(tx, relation, next);
  }
}

/** Nobody acts for somebody who is erased, nor do they for anybody. */
export async function endRelatedPersons(tx: PatientTransaction, patientId: string, now: Date): Promise<void> {
  for (const relation of await tx.related.of([patientId], now)) {
    await tx.related.save({ ...relation, endedAt: now }, 'ended');
  }
}

async function keep(tx: PatientTransaction, before: RelatedPerson, after: RelatedPerson): Promise<void> {
  if (isAnother(before, after)) await tx.related.save(after, after.endedAt ? 'ended' : 'changed');
}

/** Both people of a relation, of whom one is as they are after a change. */
async function peopleOf(
  tx: PatientTransaction,
  { patientId, relatedPatientId }: RelatedPerson,
  { before, after }: { before: Patient; after: Patient },
) {
  const isPatient = patientId === after.id;
  const otherId = isPatient ? relatedPatientId : patientId;
  const other = (otherId === after.id ? after : (await tx.lock([otherId])).get(otherId)) as Patient;
  const [patient, related] = isPatient ? [after, other] : [other, after];
  return { before: isPatient ? before : other, patient, related };
}
