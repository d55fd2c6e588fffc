import { MongoClient } from 'mongodb';
import { createMongoDatabase } from '../../../tests/support/database.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { startSomeThing } from '../src/app.js';

/** The real service on a real database of its own, with what it told. */
export interface SomeThingService extends ServiceUnderTest {
  /** Texts that are stored for a patient. */
  textsOf(patientId: string): Promise<string[]>;
  /** What the audit trail has of a patient. */
  actionsOn(patientId: string): Promise<string[]>;
}

export async function startService(): Promise<SomeThingService> {
  const databaseUrl = createMongoDatabase('some_thing');
  const service = await startForTest(startSomeThing, { databaseUrl });
  const client = new MongoClient(databaseUrl);
  const stored = (collection: string, where: object) =>
    client.db().collection(collection).find(where).sort({ _id: 1 }).toArray();
  const more = {
    async textsOf(patientId: string) {
      return (await stored('some_thing', { patientId })).map(({ text }) => text);
    },
    async actionsOn(patientId: string) {
      const events = await stored('audit_event', { subjects: patientId });
      return events.map(({ action, outcome }) => `${action} ${outcome}`);
    },
  };
  return withMore(service, more, () => client.close());
}
