import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@cabinet/kit/ids';
import { auditCollection } from '@cabinet/mongo/audit';
import type { JournalNote } from '@cabinet/mongo/journal-notes';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import { type Collection, MongoClient } from 'mongodb';
import { createMongoDatabase } from '../../../tests/support/database.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import type { TokenClaims } from '../../../tests/support/tokens.ts';
import { startRecord } from '../src/app.js';
import type { RecordDocument } from '../src/data/record.schema.js';

/** Stands where the sidecar stands, and answers for the neighbours behind it. */
export class NeighboursByHttp {
  /** `patientId practitionerId` of those who have or had an appointment; with `from to` of one in that time. */
  readonly relations = new Set<string>();
  /** Those of them that rest on visits alone that are kept from guardians. */
  readonly keptRelations = new Set<string>();
  readonly patients = new Map<string, object>();
  readonly practitioners = new Map<string, object>();
  /** By patient, code and time: the raw curve that wearable has. */
  readonly curves = new Map<string, object>();
  readonly unreachable = new Set<string>();
  /** `appId path` of every question asked. */
  readonly asked: string[] = [];

  readonly handle = (req: IncomingMessage, res: ServerResponse): void => {
    const appId = String(req.headers['dapr-app-id']);
    const url = new URL(req.url ?? '/', 'http://sidecar');
    this.asked.push(`${appId} ${url.pathname}`);
    const answer = this.unreachable.has(appId)
      ? { status: 500, body: { errorCode: 'ERR_DIRECT_INVOKE', message: 'unreachable' } }
      : this.answer(appId, url);
    res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  };

  private answer(appId: string, { pathname, searchParams }: URL): { status: number; body: object } {
    if (appId === 'appointment' && pathname === '/api/appointments/care-relation') {
      const patientId = searchParams.get('patientId');
      const practitionerId = searchParams.get('practitionerId');
      const term = ['from', 'to'].map((name) => searchParams.get(name)).filter((each) => each !== null);
      const pair = [patientId, practitionerId, ...term].join(' ');
      const exists = this.relations.has(pair);
      const keptFromGuardians = this.keptRelations.has(pair);
      return { status: 200, body: { patientId, practitionerId, exists, keptFromGuardians } };
    }
    if (appId === 'wearable' && pathname === '/api/readings') {
      const [patientId, code, from] = ['patientId', 'code', 'from'].map((name) => searchParams.get(name));
      if (code === 'x') {
        const fields = [{ path: 'code', code: 'NOT_KEPT_HERE', message: 'must be a code that is kept here' }];
        return { status: 422, body: { code: 'READING.INVALID', title: 'The reading breaks a rule', fields } };
      }
      const known = { patientId, code, name: 'Systolic blood pressure', unit: 'mm[Hg]' };
      return {
        status: 200,
        body: {
          ...known,
          items: [],
          ...(this.curves.get(`${patientId} ${code} ${from}`) ?? this.curves.get(`* ${code} ${from}`)),
        },
      };
    }
    const id = pathname.split('/').at(-1) ?? '';
    const found = (appId === 'patient' ? this.patients : this.practitioners).get(id);
    return found ? { status: 200, body: found } : { status: 404, body: { code: 'NOT_FOUND' } };
  }
}

/** The real record service on a real database, with neighbours that the test decides on and a clock that it moves. */
export interface Practice extends ServiceUnderTest {
  neighbours: NeighboursByHttp;
  sidecarPort: number;
  documents: ReturnType<typeof documentsOf>;
  kept(collection: string): Promise<object[]>;
  /** Whoever wants to write in the trail finds the next place taken, again and again. */
  neverWriteInTrail(): Promise<void>;
  writeInTrailAgain(): Promise<void>;
  /** Leaves a key as a process does that dies before it can keep its answer. */
  loseAnswer(key: string): Promise<void>;
  /** Notes of changes of this record that are under way or have not been told of. */
  journalOf(patientId: string): Promise<JournalNote[]>;
  journal: Collection<JournalNote>;
}

const documentsOf = (client: MongoClient) => client.db().collection<RecordDocument>('medical_record');

export async function startPractice({ keptYears = 0 } = {}): Promise<Practice> {
  const databaseUrl = createMongoDatabase('record');
  const neighbours = new NeighboursByHttp();
  const sidecar = createServer(neighbours.handle);
  await new Promise<void>((resolve) => sidecar.listen(0, '127.0.0.1', resolve));
  const sidecarPort = (sidecar.address() as AddressInfo).port;
  const service = await startForTest(startRecord, {
    databaseUrl,
    settings: { DAPR_HTTP_PORT: sidecarPort, RECORD_KEPT_YEARS: keptYears },
  });
  const client = new MongoClient(databaseUrl);
  const events = client.db().collection<{ _id: string; sequence: number }>(auditCollection);
  const placeOf = (sequence: number) => String(sequence).padStart(15, '0');
  const journal = client.db().collection<JournalNote>('journal');
  const more = {
    neighbours,
    sidecarPort,
    documents: documentsOf(client),
    journal,
    journalOf: (patientId: string) => journal.find({ subject: patientId }).toArray(),
    kept: (collection: string) => client.db().collection(collection).find().toArray(),
    async neverWriteInTrail() {
      // Who looks for the end of the chain finds one before a place that is taken.
      await events.insertMany([
        { _id: placeOf(1_000_001), sequence: 1_000_001 },
        { _id: 'the end', sequence: 1_000_000 },
      ]);
    },
    async writeInTrailAgain() {
      await events.deleteMany({ _id: { $in: ['the end', placeOf(1_000_001)] } });
    },
    async loseAnswer(key: string) {
      const keys = client.db().collection<{ _id: string }>('idempotency_key');
      const kept = (await keys.find().toArray()).find(({ _id }) => _id.includes(key));
      await keys.updateOne({ _id: kept?._id }, { $set: { answer: null } });
    },
  };
  return withMore(service, more, async () => {
    await client.close();
    await new Promise((resolve) => sidecar.close(resolve));
  });
}

export const buildEvent = (type: string, data: object, overrides: Partial<CloudEvent> = {}): CloudEvent => ({
  id: newId(),
  type,
  source: type.split('.')[0] as string,
  specversion: '1.0',
  time: '2026-11-20T10:00:00.000Z',
  datacontenttype: 'application/json',
  data,
  ...overrides,
});

export const registered = (patientId: string) => buildEvent('patient.registered', { patientId, version: 1 });
export const merged = (patientId: string, mergedIntoPatientId: string) =>
  buildEvent('patient.merged', { patientId, version: 2, mergedIntoPatientId });
export const erased = (patientId: string) => buildEvent('patient.erased', { patientId, version: 3 });
export const completed = (
  patientId: string,
  practitionerId: string,
  appointmentId: string = randomUUID(),
  more: object = {},
) =>
  buildEvent('appointment.completed', {
    appointmentId,
    version: 3,
    patientId,
    practitionerId,
    appointmentTypeId: randomUUID(),
    status: 'fulfilled',
    start: '2026-11-20T08:00:00.000Z',
    end: '2026-11-20T08:30:00.000Z',
    ...more,
  });

/** Wearable has a blood pressure of the patient. */
export function hasReading(
  practice: Practice,
  { patientId, readingId, at, ...more }: { patientId: string; readingId: string; at: string } & Record<string, unknown>,
): void {
  const item = { id: readingId, at, value: 148, certainty: 'sure', flags: [], origin: 'Cuff', ...more };
  practice.neighbours.curves.set(`${patientId} 8480-6 ${at}`, { items: [item] });
}

export interface Patient {
  patientId: string;
  practitionerId: string;
  /** The practitioner of this patient. */
  doctor: Caller;
  /** The patient. */
  self: Caller;
  path: string;
}

/** Delivers an event, which is taken. */
export async function hear(practice: Practice, topic: string, event: CloudEvent): Promise<void> {
  const heard = await practice.hear(topic, event);
  if (heard.status !== 200) throw new Error(`not heard: ${JSON.stringify(heard.body)}`);
}

export const stored = (practice: Practice, patientId: string) => practice.documents.findOne({ _id: patientId });

/** A patient with an open record, and a practitioner who sees them. */
export async function buildPatient(practice: Practice): Promise<Patient> {
  const patientId = randomUUID();
  const practitionerId = randomUUID();
  await hear(practice, 'patient', registered(patientId));
  practice.neighbours.relations.add(`${patientId} ${practitionerId}`);
  practice.neighbours.patients.set(patientId, {
    id: patientId,
    active: true,
    familyName: 'Lefèvre',
    givenNames: ['Claire'],
    birthDate: '1980-01-31',
    gender: 'female',
  });
  addPractitioner(practice, practitionerId);
  return {
    patientId,
    practitionerId,
    doctor: await practice.as({ roles: ['practitioner'], practitionerId, sub: randomUUID() }),
    self: await practice.as({ roles: ['patient'], patientId, sub: randomUUID() }),
    path: `/api/records/${patientId}`,
  };
}

type ActsFor = NonNullable<TokenClaims['acts_for']>[number];

/** Somebody who acts for a patient in the record, beside what they are themselves. */
export function acting(
  practice: Practice,
  as: ActsFor['as'],
  patientId: string,
  { sections = ['record'], until, ends, ...themselves }: Partial<ActsFor & TokenClaims> = {},
): Promise<Caller> {
  const acts_for = [{ patient: patientId, as, sections, until, ends }];
  return practice.as({ roles: ['patient'], patientId: randomUUID(), sub: randomUUID(), acts_for, ...themselves });
}

/** A practitioner of the practice. */
export function addPractitioner(practice: Practice, id: string = randomUUID()): string {
  practice.neighbours.practitioners.set(id, { id, familyName: 'Bernard', givenNames: ['Paul'] });
  return id;
}

/** What a practitioner says who opens a record in an emergency. */
export const unconscious = (overrides: object = {}) => ({
  reasonCode: 'unable-to-consent',
  words: 'Found unconscious in the waiting room',
  ...overrides,
});

export const penicillin = (overrides: object = {}) => ({
  code: { text: 'Penicillin' },
  clinicalStatus: 'active',
  verificationStatus: 'confirmed',
  criticality: 'high',
  ...overrides,
});

export const asthma = (overrides: object = {}) => ({
  code: { text: 'Asthma' },
  clinicalStatus: 'active',
  verificationStatus: 'confirmed',
  onset: '2019-05-31',
  ...overrides,
});

/** Events told of a record, in order. */
export const told = (practice: Practice, patientId: string): CloudEvent[] =>
  practice.published.filter(({ data }) => (data as { patientId: string }).patientId === patientId);
