import { ask, sayBesides } from '@cabinet/access/ask';
import { delegatedIn } from '@cabinet/access/delegation';
import { actsForAny, familyRelation, isMinorsOwn, noteKeptFromGuardians, wardsOf } from '@cabinet/access/family';
import { purposes, type Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import type { Care, CareRelations, Term } from '@cabinet/service/access/care-relations';
import { noteReason, noteSubjects } from '@cabinet/service/audit/subjects';
import { grantsTo } from './access-grants.js';
import { type EmergencyAccess, openEmergency } from './emergency-access.js';
import { NoCareRelation, NotYourRecord, ReadOnly, RecordBusy, RecordErased, RecordNotFound } from './errors.js';
import { isKept, type SeenRecord, whole, withoutKept, withoutMarks } from './kept-from-guardians.js';
import type { Records } from './ports.js';
import type { Author, MedicalRecord } from './record.js';

const pointersMax = 10;

/**
 * The record that stands for the patient now: merged ones are followed to the one they were merged into, and so is one that this
 * has taken up already, whatever keeps the merge from its end.
 */
export async function currentRecord(
  records: Pick<Records, 'find'>,
  patientId: string,
): Promise<MedicalRecord | undefined> {
  let record = await records.find(patientId);
  for (let hops = 0; record?.mergedInto && hasLeft(record); hops += 1) {
    if (hops === pointersMax) throw new Error(`The records merged around ${patientId} point in a circle`);
    const into = await records.find(record.mergedInto);
    if (record.status === 'merging' && !into?.mergedFrom.includes(record.patientId)) return record;
    record = into;
  }
  return record;
}

const hasLeft = ({ status }: MedicalRecord): boolean => status === 'merged' || status === 'merging';

/** Lets in who may see or write a record, and nobody else; what they cannot see, they cannot tell from what is not. */
export class FindRecord {
  constructor(
    private readonly records: Records,
    private readonly relations: CareRelations,
    private readonly clock: Clock,
  ) {}

  /**
   * What somebody sees of a record. One whose entries are on their way to another one still has them all: it is read until it has
   * been merged.
   * @throws NotYourRecord, NoCareRelation (403), RecordNotFound (404), RecordErased (410), Unavailable (503) when the care
   *   relation cannot be asked for
   */
  async toRead(patientId: string, actor: Principal): Promise<SeenRecord> {
    const record = await this.open(patientId, actor);
    return this.seen(record, actor, namesOf(patientId, record));
  }

  /** The whole record, of whoever says what guardians see of it, which none of them does in any role. @throws as toRead */
  async toKeepFromGuardians(patientId: string, actor: Principal): Promise<MedicalRecord> {
    const record = await this.open(patientId, actor);
    const names = namesOf(patientId, record);
    if (!isOwn(actor, names) && this.isGuardian(actor, names)) throw new NotYourRecord();
    return record;
  }

  private async open(patientId: string, actor: Principal): Promise<MedicalRecord> {
    const record = await this.find(patientId);
    const to = await this.relationTo(actor, namesOf(patientId, record), record);
    if (!ask(actor, to).allowed) throw new NotYourRecord();
    return readable(record);
  }

  /** @throws as toRead, ReadOnly (403) for a patient's own record, and RecordBusy (503) while it is merged */
  async toWrite(patientId: string, actor: Principal): Promise<ToWrite> {
    const found = await this.find(patientId);
    const names = namesOf(patientId, found);
    const to = await this.relationTo(actor, names, found);
    const record = readable(found);
    if (!hasRole(actor, 'practitioner') || !actor.practitionerId) throw new ReadOnly();
    // Practitioners who are patients here treat neither themselves nor their family, unless it is by appointment.
    const isOfFamily = this.isGuardian(actor, names) || to.some((each) => ofFamily.includes(each));
    const as = isOfFamily ? await this.inCareOnly(actor, names) : to;
    if (!ask(actor, as).allowed) throw new ReadOnly();
    if (record.status !== 'open') throw new RecordBusy();
    const author = { id: actor.id, role: 'practitioner', practitionerId: actor.practitionerId } as const;
    return { record, seen: this.seen(record, actor, names), author };
  }

  /** A record of whoever may know that there is one, whatever they are to it. @throws RecordNotFound (404), RecordErased (410) */
  async current(patientId: string): Promise<MedicalRecord> {
    return readable(await this.find(patientId));
  }

  /** What patients may do of their own record, guardians of that of a minor, others by their role. @throws NotYourRecord (403), and as current */
  async ofPatient(patientId: string, actor: Principal): Promise<{ record: MedicalRecord; by: AsWhom }> {
    const record = await this.find(patientId);
    const names = namesOf(patientId, record);
    const to = isOwn(actor, names) ? own : this.actingFor(actor, names, record);
    const isGuardian = to !== own && this.isGuardian(actor, names);
    // A guardian is nothing else, at the desk either, whether or not the record is open to them.
    const asWhat: readonly Relation[] = to === own || isGuardian ? to : [...to, 'other'];
    if (!ask(actor, asWhat).allowed) throw new NotYourRecord(isGuardian && to.length === 0 ? isMinorsOwn : undefined);
    const by = to === own ? 'patient' : to.includes('guardian') ? 'guardian' : 'secretary';
    return { record: readable(record), by };
  }

  /** True when somebody is let in without an emergency. @throws Unavailable (503) when that cannot be asked for */
  async isOpenTo(record: MedicalRecord, actor: Principal): Promise<boolean> {
    const names = namesOf(record.patientId, record);
    if (isOwn(actor, names) || this.isFamily(actor, names)) return true;
    const { practitionerId } = actor;
    if (!practitionerId) return false;
    return this.isGranted(record, practitionerId) || (await this.careOf(actor, names)) !== undefined;
  }

  /** The trail says of whom the record is, since an old id leads on. */
  private async find(patientId: string): Promise<MedicalRecord | undefined> {
    const record = await currentRecord(this.records, patientId);
    noteSubjects(record?.patientId);
    return record;
  }

  /** What somebody is to a patient of these names. @throws NotYourRecord, NoCareRelation (403) for whom it is none */
  private async relationTo(
    actor: Principal,
    names: string[],
    record: MedicalRecord | undefined,
  ): Promise<readonly Relation[]> {
    if (isOwn(actor, names)) return own;
    if (this.isFamily(actor, names)) return this.actingFor(actor, names, record);
    if (!hasRole(actor, 'practitioner'))
      throw new NotYourRecord(this.isGuardian(actor, names) ? isMinorsOwn : undefined);
    const { practitionerId } = actor;
    if (!practitionerId) throw new NoCareRelation();
    if (record && this.isGranted(record, practitionerId)) return granted;
    const emergency = record && openEmergency(record.emergencies, practitionerId, this.clock.now());
    if (!emergency) return this.inCareOnly(actor, names);
    // An emergency does not wait for the appointment service.
    const care = await this.careOf(actor, names).catch(falseWhenUnavailable);
    return care || throughGlass(emergency);
  }

  private isGranted({ grants }: MedicalRecord, practitionerId: string): boolean {
    const its = grantsTo(grants, practitionerId, this.clock.now());
    // That they come at all would tell guardians of one that is kept from them.
    if (its.length > 0 && its.every(isKept)) noteKeptFromGuardians();
    return its.length > 0;
  }

  /** What somebody is to a patient of these names by whom they may act for, beside their role. */
  private familyOf(actor: Principal, names: string[]): readonly Relation[] {
    const now = this.clock.now();
    return [...new Set(names.flatMap((name) => familyRelation(actor, name, 'record', now)))];
  }

  /** The same, and the trail says for whom they act. */
  private actingFor(actor: Principal, names: string[], record: MedicalRecord | undefined): readonly Relation[] {
    const family = this.familyOf(actor, names);
    if (family.length > 0) noteReason({ onBehalfOf: record?.patientId ?? names[0] });
    return family;
  }

  private isFamily(actor: Principal, names: string[]): boolean {
    return hasRole(actor, 'patient') && this.familyOf(actor, names).length > 0;
  }

  /** Whether or not the record is open to them still. */
  private isGuardian(actor: Principal, names: string[]): boolean {
    return wardsOf(actor, this.clock.now()).some((ward) => names.includes(ward));
  }

  /** What is kept from guardians is so in whichever role they come. @throws RecordNotFound (404) */
  private seen(record: MedicalRecord, actor: Principal, names: string[]): SeenRecord {
    if (isOwn(actor, names)) return whole(record);
    if (this.isGuardian(actor, names)) {
      if (record.isEarly) throw new RecordNotFound();
      return withoutKept(record);
    }
    if (!this.isFamily(actor, names)) return whole(record);
    if (record.entries.some(isKept)) noteKeptFromGuardians();
    return withoutMarks(record);
  }

  /** @throws NoCareRelation (403) */
  private async inCareOnly(actor: Principal, names: string[]): Promise<readonly Relation[]> {
    const care = await this.careOf(actor, names);
    if (!care) throw new NoCareRelation();
    return care;
  }

  /**
   * By visits to the practitioner, or to one for whom they stand in, in that time; the trail then says for whom. Where others
   * receive, who is the patient or acts for them, in whatever section, is nothing else: they come into no record, and learn of no
   * visit, as who stands in.
   */
  private async careOf(actor: Principal, names: string[]): Promise<readonly Relation[] | undefined> {
    const { practitionerId } = actor;
    if (!practitionerId) return undefined;
    if (await this.isInCare(practitionerId, names)) return inCare;
    if (names.includes(actor.patientId ?? '') || actsForAny(actor, names, this.clock.now())) return undefined;
    // All at once: nobody waits for as many answers as there are whom they stand in for.
    const absent = await Promise.all(
      delegatedIn(actor, 'agenda', this.clock.now()).map(async ({ practitionerId: id, as, since, until }) =>
        as === 'locum' && since && until && (await this.isInCare(id, names, { since, until })) ? id : undefined,
      ),
    );
    const [first] = absent.filter((id) => id !== undefined);
    if (!first) return undefined;
    noteReason({ onBehalfOf: first });
    return standingIn;
  }

  private async isInCare(practitionerId: string, names: string[], within?: Term): Promise<boolean> {
    const found = new Set<Care>();
    for (const name of names) {
      found.add(await this.relations.between(name, practitionerId, within));
      if (found.has('care')) return true;
    }
    // That somebody comes who treats the patient by what is kept alone would tell of it.
    if (found.has('kept')) noteKeptFromGuardians();
    return found.has('kept');
  }
}

export interface ToWrite {
  record: MedicalRecord;
  /** What of it the author sees. */
  seen: SeenRecord;
  author: Author;
}

/** Who lets others in. */
export type AsWhom = 'patient' | 'guardian' | 'secretary';

/** Each answer that shows something, and each line of the trail, refusals included, says that it is by an emergency alone. */
function throughGlass({ since, until, reasonCode }: EmergencyAccess): readonly Relation[] {
  noteReason({ purpose: purposes.emergency });
  sayBesides({ emergencyAccess: { since: since.toISOString(), until: until.toISOString(), reasonCode } });
  return glassBroken;
}

export function falseWhenUnavailable(error: unknown): false {
  if (error instanceof Unavailable) return false;
  throw error;
}

const granted: readonly Relation[] = ['grant'];
const glassBroken: readonly Relation[] = ['breakGlass'];
const own: readonly Relation[] = ['self'];
const ofFamily: readonly Relation[] = ['self', 'guardian', 'carer'];
const inCare: readonly Relation[] = ['care'];
const standingIn: readonly Relation[] = ['locum'];

export const isOwn = (actor: Principal, names: string[]): boolean =>
  hasRole(actor, 'patient') && actor.patientId !== undefined && names.includes(actor.patientId);

/** Every id the patient goes or went by: appointments keep the one they were booked under. */
export const namesOf = (asked: string, record: MedicalRecord | undefined): string[] => [
  ...new Set([asked, ...(record ? [record.patientId, ...record.mergedFrom] : [])]),
];

function readable(record: MedicalRecord | undefined): MedicalRecord {
  if (!record) throw new RecordNotFound();
  switch (record.status) {
    case 'open':
    case 'merging':
      return record;
    case 'erased':
      throw new RecordErased();
    case 'merged':
      throw new RecordNotFound();
    default:
      return record.status satisfies never;
  }
}
