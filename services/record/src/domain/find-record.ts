import { ask } from '@cabinet/access/ask';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { NoCareRelation, NotYourRecord, ReadOnly, RecordBusy, RecordErased, RecordNotFound } from './errors.js';
import type { CareRelations, Records } from './ports.js';
import type { Author, MedicalRecord } from './record.js';

const pointersMax = 10;

/** The record that stands for the patient now: merged ones are followed to the one they were merged into. */
export async function currentRecord(records: Records, patientId: string): Promise<MedicalRecord | undefined> {
  let record = await records.find(patientId);
  for (let hops = 0; record?.status === 'merged' && record.mergedInto; hops += 1) {
    if (hops === pointersMax) throw new Error(`The records merged around ${patientId} point in a circle`);
    record = await records.find(record.mergedInto);
  }
  return record;
}

/** Lets in who may see or write a record, and nobody else; what they cannot see, they cannot tell from what is not. */
export class FindRecord {
  constructor(
    private readonly records: Records,
    private readonly relations: CareRelations,
  ) {}

  /**
   * A record whose entries are on their way to another one still has them all: it is read until it has been merged.
   * @throws NotYourRecord, NoCareRelation (403), RecordNotFound (404), RecordErased (410), Unavailable (503) when the care
   *   relation cannot be asked for
   */
  async toRead(patientId: string, actor: Principal): Promise<MedicalRecord> {
    const record = await this.current(patientId);
    const to = await this.relationTo(actor, namesOf(patientId, record));
    if (!ask(actor, to).allowed) throw new NotYourRecord();
    return readable(record);
  }

  /** @throws as toRead, ReadOnly (403) for a patient's own record, and RecordBusy (503) while it is merged */
  async toWrite(patientId: string, actor: Principal): Promise<{ record: MedicalRecord; author: Author }> {
    const found = await this.current(patientId);
    const names = namesOf(patientId, found);
    const to = await this.relationTo(actor, names);
    const record = readable(found);
    if (!hasRole(actor, 'practitioner') || !actor.practitionerId) throw new ReadOnly();
    // Practitioners who are patients here do not treat themselves, unless they are their own patient by appointment.
    if (to === own) await this.assertCareRelation(actor.practitionerId, names);
    if (!ask(actor, inCare).allowed) throw new ReadOnly();
    if (record.status !== 'open') throw new RecordBusy();
    return { record, author: { id: actor.id, role: 'practitioner', practitionerId: actor.practitionerId } };
  }

  /** The trail says of whom the record is, since an old id leads on. */
  private async current(patientId: string): Promise<MedicalRecord | undefined> {
    const record = await currentRecord(this.records, patientId);
    noteSubjects(record?.patientId);
    return record;
  }

  /** What somebody is to a patient of these names. @throws NotYourRecord, NoCareRelation (403) for whom it is none */
  private async relationTo(actor: Principal, names: string[]): Promise<readonly Relation[]> {
    if (isOwn(actor, names)) return own;
    if (!hasRole(actor, 'practitioner')) throw new NotYourRecord();
    if (!actor.practitionerId) throw new NoCareRelation();
    await this.assertCareRelation(actor.practitionerId, names);
    return inCare;
  }

  private async assertCareRelation(practitionerId: string, names: string[]): Promise<void> {
    for (const name of names) {
      if (await this.relations.exist(name, practitionerId)) return;
    }
    throw new NoCareRelation();
  }
}

const own: readonly Relation[] = ['self'];
const inCare: readonly Relation[] = ['care'];

const isOwn = (actor: Principal, names: string[]): boolean =>
  hasRole(actor, 'patient') && actor.patientId !== undefined && names.includes(actor.patientId);

/** Every id the patient goes or went by: appointments keep the one they were booked under. */
const namesOf = (asked: string, record: MedicalRecord | undefined): string[] => [
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
