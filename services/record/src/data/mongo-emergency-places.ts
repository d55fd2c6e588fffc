import { isDuplicateKey } from '@cabinet/mongo/duplicate-key';
import { type Documents, documentsOf, type MongoOrm } from '@cabinet/mongo/orm';
import { emergenciesMax } from '../domain/emergency-access.js';
import { RecordBusy } from '../domain/errors.js';
import type { EmergencyPlaces } from '../domain/ports.js';

interface Place {
  /** The practitioner, and its number among theirs. */
  _id: string;
  number: number;
  accessId: string;
  takenAt: Date;
  isGivenBack: boolean;
}

const triesMax = 40;

/**
 * A practitioner's places are numbered, and the next number can be stored once: of many requests at once each counts those
 * before it. (Not every server of the protocol updates in one step.)
 */
export class MongoEmergencyPlaces implements EmergencyPlaces {
  constructor(private readonly orm: MongoOrm) {}

  async take(practitionerId: string, accessId: string, now: Date): Promise<Date | undefined> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const all = await this.placesOf(practitionerId);
      if (all.some((place) => place.accessId === accessId)) return undefined;
      const past = all.filter(({ takenAt }) => freeAt(takenAt) <= now);
      const [first, ...others] = all.filter((place) => !past.includes(place) && !place.isGivenBack);
      if (first && others.length + 1 >= emergenciesMax.count) return freeAt(first.takenAt);
      const last = all.at(-1);
      if (
        await this.add(practitionerId, { number: (last?.number ?? 0) + 1, accessId, takenAt: now, isGivenBack: false })
      ) {
        // The last number stays, so that none is given again.
        const old = past.filter((place) => place !== last).map(({ _id }) => _id);
        if (old.length > 0) await this.places().deleteMany({ _id: { $in: old } });
        return undefined;
      }
    }
    throw new RecordBusy();
  }

  async giveBack(practitionerId: string, accessId: string): Promise<void> {
    const place = (await this.placesOf(practitionerId)).find((each) => each.accessId === accessId);
    if (place) await this.places().updateOne({ _id: place._id }, { $set: { isGivenBack: true } });
  }

  /** @returns false when somebody else was faster */
  private async add(practitionerId: string, place: Omit<Place, '_id'>): Promise<boolean> {
    try {
      await this.places().insertOne({ _id: `${practitionerId}:${place.number}`, ...place });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async placesOf(practitionerId: string): Promise<Place[]> {
    // What follows the colon comes before the semicolon.
    const found = await this.places()
      .find({ _id: { $gte: `${practitionerId}:`, $lt: `${practitionerId};` } })
      .toArray();
    return found.sort((a, b) => a.number - b.number);
  }

  private places(): Documents<Place> {
    return documentsOf<Place>(this.orm, 'emergency_place');
  }
}

const freeAt = (takenAt: Date): Date => new Date(takenAt.getTime() + emergenciesMax.withinMs);
