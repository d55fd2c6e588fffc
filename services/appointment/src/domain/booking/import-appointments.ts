import { readCsv } from '@cabinet/import/csv';
import { type ImportReport, importLines, type LineOutcome } from '@cabinet/import/import-lines';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { type FieldError, FieldErrors, InvalidInput } from '@cabinet/kit/errors';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { asFaultOf, NeighbourRefused } from '@cabinet/service/sidecar/invoke';
import type { DateTime } from 'luxon';
import { availabilityAt, type Refusal } from '../availability/availability.js';
import type { AvailabilityFacts } from '../availability/availability-facts.js';
import { refusalOf } from '../availability/refusals.js';
import { isPractitioner } from '../capacity.js';
import { errorCodes } from '../error-codes.js';
import type { Identifier, Neighbours, PatientFacts, PractitionerFacts } from '../neighbours.js';
import { refusal } from '../refusal.js';
import { assertClockShows, parseInstant } from '../time/time.js';
import type { Appointment } from './appointment.js';
import { wholeMinute } from './book-appointment.js';
import { appointmentIn, placeOf } from './place-in-agenda.js';
import type { Appointments } from './ports.js';

export const importColumns = {
  required: ['patientIns', 'practitionerRpps', 'appointmentType', 'start'],
  optional: ['patientInsSystem', 'reason'],
};

type Mode = 'demonstration' | 'production';

/** What a file that names no system means: in production the NIR, else the published test range. */
const usualInsSystems: Record<Mode, string> = {
  production: 'urn:oid:1.2.250.1.213.1.4.8',
  demonstration: 'urn:oid:1.2.250.1.213.1.4.10',
};

/** A line as it was read; what is wrong in it is left out and stands in `faults`, so that the rest is looked at too. */
interface Line {
  patient?: Identifier;
  practitionerRpps?: string;
  /** The name of one of the practitioner's types. */
  appointmentType?: string;
  start?: string;
  reason?: string;
  faults: FieldErrors;
}

type Prepared = { appointment: Appointment } | { refused: LineOutcome };

export interface ImportOptions {
  /** Only says what would happen. */
  dryRun: boolean;
}

/** Takes over the agenda of another system. Unlike a booking, it may lie in the past. */
export class ImportAppointments {
  constructor(
    private readonly appointments: Appointments,
    private readonly neighbours: Neighbours,
    private readonly facts: AvailabilityFacts,
    private readonly clock: Clock,
    private readonly mode: Mode,
  ) {}

  /**
   * Books every line that can be booked, and says of each other line why not. The same file again books nothing twice.
   * @throws 422 when the file as a whole cannot be read, 503 when a neighbour cannot be asked
   */
  async import(csv: string, { dryRun }: ImportOptions, actor: Principal): Promise<ImportReport> {
    const table = await readCsv(csv, importColumns);
    const known = new KnownPeople(this.neighbours);
    return importLines(table, {
      dryRun,
      parse: (cells) => parseLine(cells, usualInsSystems[this.mode]),
      store: (lines) => this.store(lines, known, dryRun, actor),
    });
  }

  private async store(lines: Line[], known: KnownPeople, dryRun: boolean, actor: Principal): Promise<LineOutcome[]> {
    await known.lookUpPatients(lines.flatMap(({ patient }) => patient ?? []));
    const prepared = await Promise.all(lines.map((line) => this.prepare(line, known, actor)));
    const good = prepared.flatMap((line) => ('appointment' in line ? [line.appointment] : []));
    const alreadyBooked = await this.appointments.alreadyBooked(good);
    const fresh = good.filter(({ id }) => !alreadyBooked.has(id));
    if (!dryRun) noteSubjects(...fresh.map(({ patientId }) => patientId));
    const stored = dryRun ? new Set(fresh.map(({ id }) => id)) : await this.appointments.addAll(fresh);
    return prepared.map((line): LineOutcome => {
      if ('refused' in line) return line.refused;
      if (alreadyBooked.has(line.appointment.id)) return { kind: 'unchanged' };
      return stored.has(line.appointment.id) ? { kind: 'created' } : slotTaken;
    });
  }

  private async prepare(line: Line, known: KnownPeople, actor: Principal): Promise<Prepared> {
    const { patient: identifier, practitionerRpps: rpps, appointmentType, start: wanted, faults } = line;
    const patient = identifier && faults.take(() => known.patient(identifier));
    const practitioner = rpps && (await known.practitioner(rpps).catch(faults.refusal));
    const start = wanted && faults.take(() => parseInstant(wanted, 'start'));
    const type = practitioner && appointmentType && faults.take(() => typeNamed(appointmentType, practitioner));
    const place =
      practitioner && type && start && (await this.place(practitioner, type.id, start).catch(faults.refusal));
    if (faults.fields.length > 0 || !patient || !practitioner || !type || !place) {
      return { refused: { kind: 'refused', fields: faults.fields } };
    }
    const { mode, ...within } = place;
    const appointment = appointmentIn(within, {
      patientId: patient.id,
      practitionerId: practitioner.id,
      appointmentTypeId: type.id,
      mode,
      reason: line.reason,
      becomes: 'booked',
      keptFromGuardians: false,
      bookedAs: isPractitioner(actor, practitioner.id) ? 'practitioner' : 'import',
      createdAt: this.clock.now(),
      createdBy: actor.id,
    });
    return { appointment };
  }

  private async place(practitioner: PractitionerFacts, appointmentTypeId: string, wanted: DateTime) {
    const start = wholeMinute(wanted);
    const facts = await this.facts.forImport(
      { practitioner, appointmentTypeId, audience: 'staff' },
      { start, end: start },
    );
    const { slot, refusals } = availabilityAt(start, facts);
    if (!slot) throw refusalOf(refusals[0] as Refusal, 'start');
    assertClockShows(wanted, slot.zone, 'start');
    // The other system let them come, so nobody is counted.
    return { mode: facts.type.rules.modes[0] ?? 'in-person', ...placeOf(slot), seat: undefined };
  }
}

function typeNamed(wanted: string, { appointmentTypes }: PractitionerFacts) {
  const type = appointmentTypes.find(({ name }) => name === wanted);
  if (!type) throw refusal('APPOINTMENT.TYPE_UNKNOWN', 'appointmentType', 'is not offered by this practitioner');
  return type;
}

const slotTaken: LineOutcome = {
  kind: 'refused',
  fields: [
    {
      path: 'start',
      code: 'APPOINTMENT.SLOT_TAKEN',
      message: `${errorCodes['APPOINTMENT.SLOT_TAKEN'].title.toLowerCase()}, or the patient is elsewhere then`,
    },
  ],
};

/** In characters; what is longer is not asked for. */
const lengthsMax = { patientIns: 100, patientInsSystem: 200, reason: 500 };

function parseLine(cells: Record<string, string>, usualInsSystem: string): Line {
  const faults = new FieldErrors();
  for (const name of importColumns.required) if (!cells[name]) faults.add(name, 'REQUIRED', 'is required');
  for (const [name, lengthMax] of Object.entries(lengthsMax)) {
    if ((cells[name] ?? '').length > lengthMax) faults.add(name, 'TOO_LONG', `has more than ${lengthMax} characters`);
  }
  const rpps = (cells.practitionerRpps ?? '').replace(/\s/g, '');
  if (rpps && !/^\d{11}$/.test(rpps)) faults.add('practitionerRpps', 'NO_RPPS', 'must be 11 digits');
  const isFaulty = (name: string) => faults.fields.some(({ path }) => path === name);
  const sound = (name: string, text = cells[name]) => (isFaulty(name) ? undefined : text || undefined);
  const value = sound('patientIns', cells.patientIns?.replace(/\s/g, ''));
  return {
    patient:
      value && !isFaulty('patientInsSystem') ? { system: cells.patientInsSystem || usualInsSystem, value } : undefined,
    practitionerRpps: sound('practitionerRpps', rpps),
    appointmentType: sound('appointmentType'),
    start: sound('start'),
    reason: sound('reason'),
    faults,
  };
}

/** Asks for each person once an import, and for all patients of a batch at once. */
class KnownPeople {
  private readonly patients = new Map<string, PatientFacts>();
  /** Identifiers that the patient service takes for wrong, and why. */
  private readonly refused = new Map<string, FieldError[]>();
  private readonly practitioners = new Map<string, Promise<PractitionerFacts | undefined>>();

  constructor(private readonly neighbours: Neighbours) {}

  async lookUpPatients(identifiers: Identifier[]): Promise<void> {
    const unknown = new Map(identifiers.map((each) => [keyOf(each), each]));
    for (const key of [...this.patients.keys(), ...this.refused.keys()]) unknown.delete(key);
    const asked = [...unknown.values()];
    for (let from = 0; from < asked.length; from += askedAtOnceMax) {
      await this.lookUp(asked.slice(from, from + askedAtOnceMax));
    }
  }

  /** One identifier that is refused costs its own lines, not those of the others that are asked for with it. */
  private async lookUp(identifiers: Identifier[]): Promise<void> {
    if (identifiers.length === 0) return;
    try {
      const found = await this.neighbours.patientsByIdentifier(identifiers);
      for (const each of found) this.patients.set(keyOf(each), each.patient);
    } catch (error) {
      const wrong = identifiers.map((_, nth) => faultsOf(`identifiers[${nth}]`, error));
      if (!wrong.some((faults) => faults.length > 0)) throw error;
      identifiers.forEach((each, nth) => {
        if (wrong[nth]?.length) this.refused.set(keyOf(each), wrong[nth]);
      });
      await this.lookUp(identifiers.filter((_, nth) => !wrong[nth]?.length));
    }
  }

  patient(identifier: Identifier): PatientFacts {
    const refused = this.refused.get(keyOf(identifier));
    if (refused) throw new InvalidInput(refused);
    const found = this.patients.get(keyOf(identifier));
    if (!found) throw refusal('APPOINTMENT.PATIENT_UNKNOWN', 'patientIns', 'is not the identifier of a patient');
    if (!found.active) throw refusal('APPOINTMENT.PATIENT_INACTIVE', 'patientIns', 'is of a patient who is not active');
    return found;
  }

  async practitioner(rpps: string): Promise<PractitionerFacts> {
    const found = await once(this.practitioners, rpps, () =>
      this.neighbours.practitionerByRpps(rpps).catch(asFaultOf('practitionerRpps', 'rpps')),
    );
    if (!found) throw refusal('APPOINTMENT.PRACTITIONER_UNKNOWN', 'practitionerRpps', 'is not known');
    if (!found.active) throw refusal('APPOINTMENT.PRACTITIONER_INACTIVE', 'practitionerRpps', 'no longer receives');
    return found;
  }
}

/** So many identifiers fit into a body, however long they are. */
const askedAtOnceMax = 200;

/** What the patient service has against one of the identifiers, as faults of the columns it stands in. */
const faultsOf = (asked: string, error: unknown): FieldError[] =>
  error instanceof NeighbourRefused
    ? error.fields
        .filter(({ path }) => path === asked || path.startsWith(`${asked}.`))
        .map((field) => ({ ...field, path: field.path.endsWith('.system') ? 'patientInsSystem' : 'patientIns' }))
    : [];

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}

const keyOf = ({ system, value }: Identifier): string => `${system} ${value}`;
