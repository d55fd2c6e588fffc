import { isDuplicateKey } from '@cabinet/mongo/duplicate-key';
import { type Documents, documentsOf, type MongoOrm } from '@cabinet/mongo/orm';

/** A patient who was merged into another, or erased. */
interface PatientGone {
  _id: string;
  /** null: erased */
  mergedInto: string | null;
  /** How much of one who was erased was removed. */
  removed?: number;
}

const pointersMax = 10;

/** So that an old id leads on whenever somebody comes with it. */
export class PatientsGone {
  constructor(private readonly orm: MongoOrm) {}

  /** The patient that the id leads to now; undefined for one who was erased. */
  async currentPatientId(patientId: string): Promise<string | undefined> {
    let id = patientId;
    for (let hops = 0; hops < pointersMax; hops += 1) {
      const gone = await this.documents().findOne({ _id: id });
      if (!gone) return id;
      if (!gone.mergedInto) return undefined;
      id = gone.mergedInto;
    }
    throw new Error(`The patients merged around ${patientId} point in a circle`);
  }

  /** The ids that lead to a patient by now. */
  async earlierIds(patientId: string): Promise<string[]> {
    const earlier = new Set<string>();
    for (let ids = [patientId]; ids.length > 0; ) {
      const merged = await this.documents()
        .find({ mergedInto: { $in: ids } })
        .toArray();
      ids = merged.map(({ _id }) => _id).filter((id) => !earlier.has(id));
      for (const id of ids) earlier.add(id);
    }
    return [...earlier];
  }

  /** Who was erased stays so. */
  async noteMerged(patientId: string, mergedInto: string): Promise<void> {
    const known = { _id: patientId, mergedInto: { $ne: null } };
    await this.documents()
      .updateOne(known, { $set: { mergedInto } }, { upsert: true })
      .catch((error) => {
        if (!isDuplicateKey(error)) throw error; // erased
      });
  }

  async noteErased(patientId: string): Promise<void> {
    await this.documents().updateOne({ _id: patientId }, { $set: { mergedInto: null } }, { upsert: true });
  }

  /** @returns how much was removed by now */
  async noteRemoved(patientId: string, count: number): Promise<number> {
    await this.documents().updateOne({ _id: patientId }, { $inc: { removed: count } });
    return (await this.documents().findOne({ _id: patientId }))?.removed ?? 0;
  }

  private documents(): Documents<PatientGone> {
    return documentsOf(this.orm, 'patient_gone');
  }
}
