import type { Answer } from '../http.ts';
import { minutesAhead, type Receiving } from '../practice.ts';
import type { PersistentCaller } from './persistent-caller.ts';
import type { Random } from './random.ts';

export interface KnownPatient {
  id: string;
  familyName: string;
  mergedInto?: string;
}

export interface KnownVisit {
  id: string;
  patientId: string;
  status: string;
  start: string;
}

/** What the practice has been told and has confirmed. */
export class Ledger {
  /** Of whom the pulse is watched, and by which rule. */
  watched?: { patientId: string; rule: string };
  readonly patients: KnownPatient[] = [];
  readonly visits: KnownVisit[] = [];
  readonly readings: string[] = [];
  /** Ids of events that are no readings though wearable signed them; not sure of those that the broker may not have taken. */
  readonly poison: { id: string; isSure: boolean }[] = [];
  readonly notes: { id: string; patientId: string; text: string }[] = [];
  /** Answers that were neither the expected one nor a refusal that can happen. */
  readonly surprises: string[] = [];
  /** The refusals that can happen, to be read when something was not found as it was confirmed. */
  readonly refusals: string[] = [];
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

export interface Desk {
  secretary: PersistentCaller;
  admin: PersistentCaller;
  doctor: PersistentCaller;
  /** A patient whose record the doctor may write. */
  record: string;
  /** Who measures their own pulse, which the doctor watches. */
  atHome: PersistentCaller;
  receiving: Receiving;
  /** Free times that nobody else takes. */
  slots: string[];
}

/** One worker's day at the desk: each step changes something, and writes down what was confirmed. */
export class Work {
  private taken = 0;
  private cameBy = 0;

  private readonly desk: Desk;
  private readonly ledger: Ledger;
  private readonly random: Random;

  constructor(desk: Desk, ledger: Ledger, random: Random) {
    this.desk = desk;
    this.ledger = ledger;
    this.random = random;
  }

  async step(): Promise<void> {
    const steps = [
      'register',
      'book',
      'book',
      'move',
      'cancel',
      'complete',
      'note',
      'measure',
      'measure',
      'merge',
    ] as const;
    await this[this.random.of(steps)]();
  }

  private async register(): Promise<KnownPatient | undefined> {
    const familyName = `K${Array.from({ length: 12 }, () => letters[this.random.between(0, 25)]).join('')}`;
    const body = { familyName, givenNames: ['Kim'], birthDate: '1990-02-03', gender: 'unknown' };
    const answer = await this.desk.secretary.ask('POST', '/api/patients', body);
    if (!this.expect(answer, 201, 'register')) return undefined;
    const patient: KnownPatient = { id: answer.body.id, familyName };
    this.ledger.patients.push(patient);
    return patient;
  }

  private async book(): Promise<KnownVisit | undefined> {
    const patient = this.random.next() < 0.5 ? await this.register() : this.somebody();
    const start = this.desk.slots[this.taken++];
    if (!patient || !start) return undefined;
    const { practitionerId, appointmentTypeId } = this.desk.receiving;
    const body = { patientId: patient.id, practitionerId, appointmentTypeId, start };
    const answer = await this.desk.secretary.ask('POST', '/api/appointments', body);
    // Between our look and the answer another worker may have merged the patient away, or the patient is elsewhere then.
    if (!this.expect(answer, 201, 'book', [404, 409, 422])) return undefined;
    const { id, patientId, status } = answer.body;
    const visit = { id, patientId, status, start };
    this.ledger.visits.push(visit);
    return visit;
  }

  private async move(): Promise<void> {
    const visit = await this.book();
    const start = this.desk.slots[this.taken++];
    if (visit && start && (await this.change(visit, 'move', { start }))) visit.start = start;
  }

  private async cancel(): Promise<void> {
    const visit = await this.book();
    if (visit && (await this.change(visit, 'cancel', { reason: 'Test' }))) visit.status = 'cancelled';
  }

  /** Somebody who comes by without an appointment. */
  private async complete(): Promise<void> {
    const patient = await this.register();
    if (!patient) return;
    const [start] = minutesAhead(2 + (this.cameBy++ % 50));
    const { practitionerId, appointmentTypeId } = this.desk.receiving;
    const body = { patientId: patient.id, practitionerId, appointmentTypeId, start, overbook: { reason: 'Came by' } };
    const answer = await this.desk.secretary.ask('POST', '/api/appointments', body);
    if (!this.expect(answer, 201, 'overbook', [409]) || !start) return;
    const visit = { id: answer.body.id, patientId: patient.id, status: answer.body.status, start };
    this.ledger.visits.push(visit);
    // Whoever comes by after them may join their session, which makes another version of it.
    if (await this.change(visit, 'complete', undefined, [412])) visit.status = 'fulfilled';
  }

  /** @returns false when the practice refused it, as it does with what is not the time for it yet */
  private async change(visit: KnownVisit, what: string, body?: object, possible: number[] = []): Promise<boolean> {
    const path = `/api/appointments/${visit.id}`;
    const read = await this.desk.secretary.ask('GET', path);
    const etag = read.headers.get('etag') ?? '';
    const answer = await this.desk.secretary.ask('POST', `${path}/${what}`, body, { 'if-match': etag });
    // Nobody else changes it, but that it follows its patient when another worker merges them.
    const now = answer.status === 412 ? await this.desk.secretary.ask('GET', path) : read;
    const isMerged = now.body.patientId !== read.body.patientId;
    return this.expect(answer, 200, what, [404, 409, 422, ...possible, ...(isMerged ? [412] : [])]);
  }

  private async note(): Promise<void> {
    const patientId = this.desk.record;
    const text = `note ${this.random.next()}`;
    const answer = await this.desk.doctor.ask('POST', `/api/records/${patientId}/notes`, { text });
    if (this.expect(answer, 201, 'note')) this.ledger.notes.push({ id: answer.body.id, patientId, text });
  }

  /** The pulse at any time of the last minutes, in whichever order it comes: up and down, so that episodes begin and end. */
  private async measure(): Promise<void> {
    const effectiveAt = new Date(Date.now() - this.random.between(0, 600_000)).toISOString();
    const value = this.random.of([80, 90, 130, 140]);
    const readings = [{ code: '8867-4', value, unit: '/min', effectiveAt, sourceId: `reading ${this.random.next()}` }];
    const patientId = this.ledger.watched?.patientId;
    const answer = await this.desk.atHome.ask('POST', '/api/readings', { patientId, readings });
    if (this.expect(answer, 202, 'measure')) this.ledger.readings.push(answer.body.outcomes[0].readingId);
  }

  private async merge(): Promise<void> {
    const left = await this.register();
    const kept = await this.register();
    const start = this.desk.slots[this.taken++];
    if (!left || !kept || !start) return;
    const { practitionerId, appointmentTypeId } = this.desk.receiving;
    const booking = { patientId: left.id, practitionerId, appointmentTypeId, start };
    const booked = await this.desk.secretary.ask('POST', '/api/appointments', booking);
    if (!this.expect(booked, 201, 'book before a merge', [409, 422])) return;
    this.ledger.visits.push({ id: booked.body.id, patientId: left.id, status: booked.body.status, start });
    const read = await this.desk.secretary.ask('GET', `/api/patients/${left.id}`);
    const answer = await this.desk.secretary.ask(
      'POST',
      `/api/patients/${left.id}/merge`,
      { intoPatientId: kept.id },
      { 'if-match': read.headers.get('etag') ?? '' },
    );
    if (!this.expect(answer, 200, 'merge', [409])) return;
    left.mergedInto = kept.id;
  }

  private somebody(): KnownPatient | undefined {
    const there = this.ledger.patients.filter(({ mergedInto }) => !mergedInto);
    return there.length > 0 ? this.random.of(there) : undefined;
  }

  private expect(answer: Answer, status: number, what: string, possible: number[] = []): boolean {
    if (answer.status === status) return true;
    const { refusals, surprises } = this.ledger;
    (possible.includes(answer.status) ? refusals : surprises).push(`${what}: ${answer.status} ${answer.body?.code}`);
    return false;
  }
}
