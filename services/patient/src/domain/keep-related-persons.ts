import type { Principal, Section } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMay, assertMayEnd, isOwn } from './access.js';
import type { Ages } from './ages.js';
import {
  NoSuchRelatedPerson,
  NotYourField,
  PatientInactive,
  RelatedAlready,
  RelatedToYourself,
  TooManyRelated,
} from './errors.js';
import { changeable, existing, type Patient } from './patient.js';
import type { Patients, PatientTransaction } from './ports.js';
import {
  allSections,
  asGuardian,
  endBeforeMajority,
  isOver,
  type ProofDocument,
  type RelatedPerson,
  relatedMax,
  type Unfit,
  unfitness,
} from './related-person.js';

export interface RelatedPersonWanted {
  relatedPatientId: string;
  relationship: RelatedPerson['relationship'];
  sections?: Section[];
  until?: Date;
  proof?: ProofDocument;
}

/** `undefined` leaves as it is, `null` clears. */
export interface RelatedPersonPatch {
  sections?: Section[];
  /** Of guardians: what is the minor's own by now, and they open to this one all the same. */
  opened?: Section[];
  until?: Date | null;
}

/** With how the other of the two is called. */
export type NamedRelation = RelatedPerson & Pick<Patient, 'familyName' | 'givenNames'>;

/** Who acts for whom: guardians by proof, carers whom an adult chooses, or the practice enters at their word. */
export class KeepRelatedPersons {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    private readonly ages: Ages,
  ) {}

  /** Who acts for a patient. @throws NotYourData (403), 404, 410 */
  async list(patientId: string, actor: Principal): Promise<NamedRelation[]> {
    return this.named(patientId, actor, 'relatedPatientId');
  }

  /** For whom a patient acts. @throws as list */
  async actsFor(patientId: string, actor: Principal): Promise<NamedRelation[]> {
    return this.named(patientId, actor, 'patientId');
  }

  /**
   * @throws NotYourData, NotYourField, RelatedToYourself (403), 404, 410, RelatedAlready, TooManyRelated, PatientInactive, PatientMerged (409), 422
   */
  async give(patientId: string, wanted: RelatedPersonWanted, actor: Principal): Promise<NamedRelation> {
    const fields = Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    assertMay(actor, [patientId], fields);
    const byPatient = isOwn(actor, patientId);
    // Only the practice says who is a guardian, by what it has seen.
    if (byPatient && wanted.relationship === 'guardian') throw new NotYourField(['relationship']);
    assertForAnother(actor, patientId, wanted);
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const { id, wasBegun } = effectOfRequest();
      const people = await tx.lock([patientId, wanted.relatedPatientId]);
      const stored = wasBegun ? await tx.related.find(id) : undefined;
      if (stored) return withName(stored, people.get(stored.relatedPatientId));
      const patient = changeable(people.get(patientId));
      if (!patient.active) throw new PatientInactive();
      const related = people.get(wanted.relatedPatientId);
      noteSubjects(related?.id, related?.mergedInto);
      const given = this.relationOf({ patient, related, wanted, byPatient, actor, now, id });
      await this.assertRoom(tx, given, now);
      await tx.related.add(given);
      return withName(given, related);
    });
  }

  /** @throws NotYourData, NotYourField, RelatedToYourself (403), NoSuchRelatedPerson (404), 409, 412, 422 */
  async change(
    { patientId, id, version }: { patientId: string; id: string; version: ExpectedVersion },
    patch: RelatedPersonPatch,
    actor: Principal,
  ): Promise<NamedRelation> {
    assertMay(actor, [patientId], Object.keys(patch));
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const patient = changeable((await tx.lock([patientId])).get(patientId));
      const relation = await currentOf(tx, patientId, id, now);
      const notTheirs = Object.keys(patch).filter((name) => name !== 'opened');
      const isGuardian = relation.relationship === 'guardian';
      if (isOwn(actor, patientId) && isGuardian && notTheirs.length > 0) throw new NotYourField(notTheirs);
      assertForAnother(actor, patientId, relation);
      assertVersion(version, relation.version);
      const next = this.changed(relation, patch, { patient, now });
      return withName(
        await tx.related.save(next, 'changed'),
        (await tx.lock([relation.relatedPatientId])).get(relation.relatedPatientId),
      );
    });
  }

  private changed(relation: RelatedPerson, patch: RelatedPersonPatch, of: { patient: Patient; now: Date }) {
    const errors = new FieldErrors();
    const { relationship } = relation;
    if (relationship === 'guardian' && patch.sections) errors.add('sections', 'NOT_TAKEN', namedByGuardians);
    const { patient } = of;
    const isGuardian = relationship === 'guardian';
    const kept = isGuardian ? endBeforeMajority(relation, { before: patient, patient }, this.ages) : relation.until;
    const next = {
      ...relation,
      sections: this.readSections(relationship, patch.sections ?? relation.sections, errors),
      opened: patch.opened ? this.readOpened(relationship, patch.opened, { ...of, errors }) : relation.opened,
      until:
        patch.until === undefined
          ? kept
          : this.readUntil(relation, patient, patch.until ?? undefined, { ...of, errors }),
    };
    errors.throwIfAny();
    return isGuardian ? asGuardian(next, patient, { ages: this.ages, until: next.until }) : next;
  }

  /** Ends it at once; what has ended stays as it was. @throws NotYourData, NotYourField (403), NoSuchRelatedPerson (404) */
  async end({ patientId, id }: { patientId: string; id: string }, actor: Principal): Promise<void> {
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const relation = await tx.related.find(id);
      const its = relation?.patientId === patientId ? relation : undefined;
      assertMayEnd(actor, patientId, its);
      if (!its) throw new NoSuchRelatedPerson();
      noteSubjects(its.relatedPatientId);
      if (isOwn(actor, patientId) && its.relationship === 'guardian') throw new NotYourField([]);
      if (!isOver(its, now)) await tx.related.save({ ...its, endedAt: now }, 'ended');
    });
  }

  private async named(id: string, actor: Principal, other: 'patientId' | 'relatedPatientId'): Promise<NamedRelation[]> {
    assertMay(actor, [id], [], this.clock.now());
    const patient = existing(await this.patients.find(id));
    noteSubjects(patient.mergedInto);
    return this.relationsOf(patient.mergedInto ?? patient.id, other);
  }

  /** Those of a patient who is there now, for whoever may have all of it. */
  async relationsOf(current: string, other: 'patientId' | 'relatedPatientId'): Promise<NamedRelation[]> {
    const all = await this.patients.relatedTo([current], this.clock.now());
    const own = other === 'patientId' ? 'relatedPatientId' : 'patientId';
    const its = all.filter((relation) => relation[own] === current);
    const names = await this.patients.namesOf(its.map((relation) => relation[other]));
    return its.map((relation) => withName(relation, names.get(relation[other])));
  }

  private relationOf({ patient, related, wanted, byPatient, actor, now, id }: Giving): RelatedPerson {
    const { relationship, proof } = wanted;
    const errors = new FieldErrors();
    const unfit = unfitnessOf(relationship, patient, related, { ages: this.ages, now });
    // A patient learns nothing of others by naming them.
    const told = byPatient && unfit && !aboutPatient.has(unfit) ? 'NO_SUCH_PATIENT' : unfit;
    if (told)
      errors.add(told === 'MINOR' || told === 'NOT_A_MINOR' ? 'relationship' : 'relatedPatientId', told, reasons[told]);
    if (relationship === 'guardian' && !proof) errors.add('proof', 'REQUIRED', 'must say what showed it');
    if (relationship === 'carer' && proof) errors.add('proof', 'NOT_TAKEN', 'is asked of guardians alone');
    if (relationship === 'guardian' && wanted.sections) {
      errors.add('sections', 'NOT_TAKEN', namedByGuardians);
    }
    const given: RelatedPerson = {
      id,
      version: 1,
      patientId: patient.id,
      relatedPatientId: wanted.relatedPatientId,
      relationship,
      sections: this.readSections(relationship, wanted.sections ?? [], errors),
      opened: [],
      ends: [],
      proof: proof && { document: proof, seenBy: actor.id, seenAt: now },
      givenBy: byPatient ? 'patient' : 'practice',
      from: now,
    };
    const until = this.readUntil(given, patient, wanted.until, { now, errors });
    errors.throwIfAny();
    if (relationship === 'guardian') return asGuardian(given, patient, { ages: this.ages, until });
    return { ...given, until };
  }

  private readSections(relationship: RelatedPerson['relationship'], wanted: readonly Section[], errors: FieldErrors) {
    if (relationship === 'guardian') return allSections;
    if (wanted.length === 0) errors.add('sections', 'REQUIRED', 'must name one at least');
    return allSections.filter((section) => wanted.includes(section));
  }

  private readOpened(
    relationship: RelatedPerson['relationship'],
    wanted: readonly Section[],
    { patient, now, errors }: { patient: Patient; now: Date; errors: FieldErrors },
  ): readonly Section[] {
    if (relationship === 'carer') errors.add('opened', 'NOT_TAKEN', 'is asked of guardians alone');
    for (const section of wanted) {
      const own = this.ages.whenOwn(section, patient);
      if (!own) errors.add('opened', 'NEVER_OWN', `names ${section}, in which guardians act until majority`);
      else if (this.ages.dayOf(now) < own.day) {
        errors.add('opened', 'NOT_YET_OWN', `names ${section}, in which guardians act until ${own.day}`);
      }
    }
    return allSections.filter((section) => wanted.includes(section));
  }

  private readUntil(
    { relationship }: RelatedPerson,
    patient: Patient,
    wanted: Date | undefined,
    { now, errors }: { now: Date; errors: FieldErrors },
  ): Date | undefined {
    if (wanted && wanted <= now) errors.add('until', 'IN_THE_PAST', 'must be ahead');
    if (relationship === 'carer') return wanted;
    const majority = this.ages.majorityOf(patient);
    if (wanted && wanted > majority) errors.add('until', 'AFTER_MAJORITY', 'is after the patient is of age');
    return wanted ?? majority;
  }

  private async assertRoom(tx: PatientTransaction, given: RelatedPerson, now: Date): Promise<void> {
    const { patientId, relatedPatientId } = given;
    const all = await tx.related.of([patientId, relatedPatientId], now);
    const acting = all.filter((each) => each.relatedPatientId === relatedPatientId);
    if (acting.some((each) => each.patientId === patientId)) throw new RelatedAlready();
    const forPatient = all.filter((each) => each.patientId === patientId);
    if (acting.length >= relatedMax || forPatient.length >= relatedMax) throw new TooManyRelated(relatedMax);
  }
}

/** Whoever acts for another may give that up, and decides no more of it. @throws RelatedToYourself (403) */
function assertForAnother(
  actor: Principal,
  patientId: string,
  { relatedPatientId }: Pick<RelatedPerson, 'relatedPatientId'>,
): void {
  if (!isOwn(actor, patientId) && actor.patientId === relatedPatientId) throw new RelatedToYourself();
}

interface Giving {
  patient: Patient;
  related: Patient | undefined;
  wanted: RelatedPersonWanted;
  byPatient: boolean;
  actor: Principal;
  now: Date;
  id: string;
}

type Refused = Unfit | 'NO_SUCH_PATIENT' | 'MERGED' | 'INACTIVE';

function unfitnessOf(
  relationship: RelatedPerson['relationship'],
  patient: Patient,
  related: Patient | undefined,
  rules: { ages: Ages; now: Date },
): Refused | undefined {
  if (!related || related.erasedAt) return 'NO_SUCH_PATIENT';
  if (related.mergedInto) return 'MERGED';
  return unfitness(relationship, patient, related, rules) ?? (related.active ? undefined : 'INACTIVE');
}

const namedByGuardians = 'are all of them for a guardian, and not named';

const aboutPatient = new Set<Refused>(['SAME_PATIENT', 'MINOR', 'NOT_A_MINOR']);

const reasons: Record<Refused, string> = {
  NO_SUCH_PATIENT: 'is nobody who can act for them',
  MERGED: 'was merged into another patient: name that one',
  INACTIVE: 'is a patient whom the practice no longer sees',
  SAME_PATIENT: 'is the same patient',
  GONE: 'has died, or was entered in error',
  NOT_A_MINOR: 'is only for minors: somebody of age chooses carers',
  MINOR: 'is only for those of age: a minor has guardians',
  NOT_BORN_BEFORE: 'is not older than the patient',
  CARER_IS_MINOR: 'is a minor',
};

async function currentOf(tx: PatientTransaction, patientId: string, id: string, now: Date): Promise<RelatedPerson> {
  const relation = await tx.related.find(id);
  if (relation?.patientId !== patientId || isOver(relation, now)) throw new NoSuchRelatedPerson();
  noteSubjects(relation.relatedPatientId);
  return relation;
}

const withName = (
  relation: RelatedPerson,
  person: Pick<Patient, 'familyName' | 'givenNames'> | undefined,
): NamedRelation => ({
  ...relation,
  familyName: person?.familyName ?? '',
  givenNames: person?.givenNames ?? [],
});
