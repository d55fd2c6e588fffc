import { type Clock, InvalidInput, invalidField, type Principal } from '@cabinet/kit';
import { type ImportReport, importLines, type LineOutcome, readCsv } from '@cabinet/kit/import';
import type { DateTime } from 'luxon';
import type { Appointment } from './appointment.js';
import { availabilityAt, type Refusal } from './availability.js';
import { wholeMinute } from './book-appointment.js';
import { errorCodes } from './error-codes.js';
import { refusal, refusalOf } from './errors.js';
import type { GatherFacts } from './gather-facts.js';
import { appointmentIn, placeOf } from './place-in-agenda.js';
import type { AppointmentRepository, Identifier, Neighbours, PatientFacts, PractitionerFacts } from './ports.js';
import { assertClockShows, parseInstant } from './time.js';

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

interface Line {
  patient: Identifier;
  practitionerRpps: string;
  /** The name of one of the practitioner's types. */
  appointmentType: string;
  start: DateTime;
  reason?: string;
}

type Prepared = { appointment: Appointment } | { refused: LineOutcome };

/** Takes over the agenda of another system. Unlike a booking, it may lie in the past. */
export class ImportAppointments {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly neighbours: Neighbours,
    private readonly facts: GatherFacts,
    private readonly clock: Clock,
    private readonly mode: Mode,
  ) {}

  /**
   * Books every line that can be booked, and says of each other line why not. The same file again books nothing twice.
   * @throws 422 when the file as a whole cannot be read, 503 when a neighbour cannot be asked
   */
  async import(csv: string, dryRun: boolean, actor: Principal): Promise<ImportReport> {
    const table = await readCsv(csv, importColumns);
    const known = new KnownPeople(this.neighbours);
    return importLines(table, {
      dryRun,
      parse: (cells) => parseLine(cells, usualInsSystems[this.mode]),
      store: (lines) => this.store(lines, known, dryRun, actor),
    });
  }

  private async store(lines: Line[], known: KnownPeople, dryRun: boolean, actor: Principal): Promise<LineOutcome[]> {
    await known.lookUpPatients(lines.map(({ patient }) => patient));
    const prepared = await Promise.all(lines.map((line) => this.prepare(line, known, actor)));
    const good = prepared.flatMap((line) => ('appointment' in line ? [line.appointment] : []));
    const standing = await this.appointments.alreadyBooked(good);
    const fresh = good.filter(({ id }) => !standing.has(id));
    const stored = dryRun ? new Set(fresh.map(({ id }) => id)) : await this.appointments.addAll(fresh);
    return prepared.map((line) => {
      if ('refused' in line) return line.refused;
      if (standing.has(line.appointment.id)) return { kind: 'unchanged' };
      return stored.has(line.appointment.id) ? { kind: 'created' } : slotTaken;
    });
  }

  private async prepare(line: Line, known: KnownPeople, actor: Principal): Promise<Prepared> {
    try {
      const practitioner = await known.practitioner(line.practitionerRpps);
      const patient = known.patient(line.patient);
      const type = practitioner.appointmentTypes.find(({ name }) => name === line.appointmentType);
      if (!type) throw refusal('APPOINTMENT.TYPE_UNKNOWN', 'appointmentType', 'is not offered by this practitioner');
      const start = wholeMinute(line.start);
      const facts = await this.facts.forImport(
        { practitioner, appointmentTypeId: type.id, audience: 'staff' },
        { start, end: start },
      );
      const { slot, refusals } = availabilityAt(start, facts);
      if (!slot) throw refusalOf(refusals[0] as Refusal, 'start');
      assertClockShows(line.start, slot.zone, 'start');
      // The other system let them come, so nobody is counted.
      const place = { ...placeOf(slot), seat: undefined };
      const appointment = appointmentIn(place, {
        patientId: patient.id,
        practitionerId: practitioner.id,
        appointmentTypeId: type.id,
        mode: facts.type.rules.modes[0] ?? 'in-person',
        reason: line.reason,
        becomes: 'booked',
        bookedAs: 'import',
        createdAt: this.clock.now(),
        createdBy: actor.id,
      });
      return { appointment };
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      return { refused: { kind: 'refused', fields: error.fields } };
    }
  }
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

function parseLine(cells: Record<string, string>, usualInsSystem: string): Line {
  const empty = importColumns.required.filter((name) => !cells[name]);
  if (empty.length > 0) {
    throw new InvalidInput(empty.map((path) => ({ path, code: 'REQUIRED', message: 'is required' })));
  }
  const { patientIns = '', practitionerRpps = '', appointmentType = '', start = '', reason } = cells;
  if (reason && reason.length > 500) throw invalidField('reason', 'TOO_LONG', 'has more than 500 characters');
  return {
    patient: { system: cells.patientInsSystem || usualInsSystem, value: patientIns.replaceAll(' ', '') },
    practitionerRpps: practitionerRpps.replaceAll(' ', ''),
    appointmentType,
    start: parseInstant(start, 'start'),
    reason: reason || undefined,
  };
}

/** Asks for each person once an import, and for all patients of a batch at once. */
class KnownPeople {
  private readonly patients = new Map<string, PatientFacts>();
  private readonly practitioners = new Map<string, Promise<PractitionerFacts | undefined>>();

  constructor(private readonly neighbours: Neighbours) {}

  async lookUpPatients(identifiers: Identifier[]): Promise<void> {
    const unknown = new Map(identifiers.map((each) => [keyOf(each), each]));
    for (const key of this.patients.keys()) unknown.delete(key);
    if (unknown.size === 0) return;
    const found = await this.neighbours.patientsByIdentifier([...unknown.values()]);
    for (const each of found) this.patients.set(keyOf(each), each.patient);
  }

  patient(identifier: Identifier): PatientFacts {
    const found = this.patients.get(keyOf(identifier));
    if (!found) throw refusal('APPOINTMENT.PATIENT_UNKNOWN', 'patientIns', 'is not the identifier of a patient');
    if (!found.active) throw refusal('APPOINTMENT.PATIENT_INACTIVE', 'patientIns', 'is of a patient who is not active');
    return found;
  }

  async practitioner(rpps: string): Promise<PractitionerFacts> {
    const found = await once(this.practitioners, rpps, () => this.neighbours.practitionerByRpps(rpps));
    if (!found) throw refusal('APPOINTMENT.PRACTITIONER_UNKNOWN', 'practitionerRpps', 'is not known');
    if (!found.active) throw refusal('APPOINTMENT.PRACTITIONER_INACTIVE', 'practitionerRpps', 'no longer receives');
    return found;
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}

const keyOf = ({ system, value }: Identifier): string => `${system} ${value}`;
