import type { Principal } from '@cabinet/kit/access/principal';
import type { FindRecord } from './find-record.js';
import type { SeenRecord } from './kept-from-guardians.js';
import type { Neighbours, PatientFacts, PractitionerFacts, Section } from './ports.js';
import { newestOf } from './record.js';

/** A record, and who is in it. */
export interface NamedRecord {
  record: SeenRecord;
  patient: Section<PatientFacts>;
  practitioners: Section<PractitionerFacts[]>;
}

export class ReadRecord {
  constructor(
    private readonly find: FindRecord,
    private readonly neighbours: Neighbours,
  ) {}

  /** The whole record, with the names as they are now; a neighbour that is away keeps nothing else back. @throws as FindRecord */
  async read(patientId: string, actor: Principal): Promise<NamedRecord> {
    const record = await this.find.toRead(patientId, actor);
    const [patient, practitioners] = await Promise.all([
      this.neighbours.patient(record.patientId),
      this.neighbours.practitioners(practitionersIn(record)),
    ]);
    return { record, patient, practitioners };
  }
}

/** Every practitioner who is named in the newest versions of a record. */
function practitionersIn(record: SeenRecord): string[] {
  const named = record.entries.flatMap((entry) => {
    const { author, content } = newestOf(entry);
    return [author.practitionerId, 'practitionerId' in content ? content.practitionerId : undefined];
  });
  return [...new Set(named.filter((id) => id !== undefined))];
}
