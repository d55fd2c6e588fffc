import { type Clock, changedFields, type FieldError, InvalidInput } from '@cabinet/kit';
import { type ImportReport, importLines, type LineOutcome, readCsv } from '@cabinet/kit/import';
import { isSamePerson, type Likeness, likenessOf, mayBeSamePerson } from './duplicates.js';
import { doubtsAbout, insSystems, type Mode } from './identifiers.js';
import { type DetailName, detailsOf, type Gender, genders, type Patient, type PatientDetails } from './patient.js';
import { type DetailsInput, readDetails } from './patient-details.js';
import type { Patients, PatientTransaction } from './ports.js';
import { newPatient } from './register-patient.js';

const columns = {
  required: ['familyName', 'givenNames', 'birthDate'],
  optional: [
    'birthName',
    'gender',
    'ins',
    'insSystem',
    'phone',
    'email',
    'addressLine',
    'postalCode',
    'city',
    'country',
  ],
};

export interface ImportOptions {
  dryRun: boolean;
  /** Called with the ids of patients once they are stored. */
  registered(patientIds: string[]): void;
}

export class ImportPatients {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    private readonly mode: Mode,
  ) {}

  /**
   * Registers the patients of a CSV text who are not known yet, by identifier or by name and birth date. Known ones are
   * never changed by an import.
   * @throws 422 for a text that is not CSV or has the wrong columns; then nothing is stored
   */
  async import(text: string, { dryRun, registered }: ImportOptions): Promise<ImportReport> {
    const table = await readCsv(text, columns);
    const now = this.clock.now();
    // With a dry run nothing is stored, so what earlier batches would have stored is remembered here.
    const earlier: Patient[] = [];
    return importLines(table, {
      dryRun,
      parse: (cells) => parseLine(cells, this.mode, now),
      store: async (lines) => {
        const { outcomes, created } = await this.patients.inTransaction(async (tx) => {
          const sorted = await this.sort(tx, lines, earlier, now);
          if (!dryRun) await tx.add(sorted.created);
          return sorted;
        });
        if (dryRun) earlier.push(...created);
        else registered(created.map(({ id }) => id));
        return outcomes;
      },
    });
  }

  private async sort(tx: PatientTransaction, lines: PatientDetails[], earlier: Patient[], now: Date) {
    const known = [...(await tx.lockBirthDates([...new Set(lines.map(({ birthDate }) => birthDate))])), ...earlier];
    const holders = await tx.holdersOf(lines.flatMap(({ identifiers }) => identifiers));
    const elsewhere = await tx.lock(holders.map(({ patientId }) => patientId));
    const people = new KnownPeople([...known, ...elsewhere.values()]);
    const created: Patient[] = [];
    const outcomes = lines.map((details): LineOutcome => {
      const outcome = people.judge(details);
      if (outcome.kind !== 'created') return outcome;
      const patient = newPatient(details, now);
      created.push(patient);
      people.add(patient);
      return outcome;
    });
    return { outcomes, created };
  }
}

interface Known {
  person: Patient;
  likeness: Likeness;
}

/** Those who are registered already, found by birth date and by identifier. */
class KnownPeople {
  private readonly byBirthDate = new Map<string, Known[]>();
  private readonly byIdentifier = new Map<string, Known>();

  constructor(people: Patient[]) {
    for (const person of new Map(people.map((each) => [each.id, each])).values()) this.add(person);
  }

  add(person: Patient): void {
    const known = { person, likeness: likenessOf(person) };
    const born = this.byBirthDate.get(person.birthDate);
    if (born) born.push(known);
    else this.byBirthDate.set(person.birthDate, [known]);
    for (const { system, value } of person.identifiers) this.byIdentifier.set(`${system} ${value}`, known);
  }

  judge(details: PatientDetails): LineOutcome {
    const likeness = likenessOf(details);
    const born = this.byBirthDate.get(details.birthDate) ?? [];
    const [identifier] = details.identifiers;
    const holder = identifier && this.byIdentifier.get(`${identifier.system} ${identifier.value}`);
    if (holder && !mayBeSamePerson(holder.likeness, likeness)) {
      return { kind: 'refused', fields: [takenIns] };
    }
    const same = holder ?? born.find((other) => isSamePerson(other.likeness, likeness));
    if (same) return { kind: 'unchanged', warnings: differences(same.person, details) };
    const alike = born.some((other) => mayBeSamePerson(other.likeness, likeness));
    const doubts = doubtsAbout(details).map((doubt) => ({ ...doubt, path: 'ins' }));
    return { kind: 'created', warnings: alike ? [possibleDuplicate, ...doubts] : doubts };
  }
}

const takenIns: FieldError = { path: 'ins', code: 'TAKEN', message: 'is the identifier of another patient' };

const possibleDuplicate: FieldError = {
  path: 'line',
  code: 'POSSIBLE_DUPLICATE',
  message: 'was taken, but somebody with a similar name was born on the same day; compare them',
};

// An import never overwrites what the practice knows; it says what the file has that is not known, or known otherwise.
function differences(known: Patient, line: PatientDetails): FieldError[] {
  const filled = Object.entries(line).filter(([, value]) => value !== undefined && !isEmptyList(value));
  const details = detailsOf(known);
  const differing = changedFields(details, { ...details, ...Object.fromEntries(filled) });
  return differing.map((name) => ({
    path: columnOf[name] ?? name,
    code: 'DIFFERS',
    message: 'differs from what is registered, which was left as it is',
  }));
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const columnOf: Partial<Record<DetailName, string>> = { identifiers: 'ins', telecom: 'phone', address: 'addressLine' };

/** @throws InvalidInput (422) naming the columns that are wrong */
function parseLine(cells: Record<string, string>, mode: Mode, now: Date): PatientDetails {
  const cell = (name: string) => cells[name] || undefined;
  const gender = (cell('gender') ?? 'unknown').toLowerCase();
  try {
    if (!isGender(gender)) {
      const message = `must be one of ${genders.join(', ')}`;
      throw new InvalidInput([{ path: 'gender', code: 'NO_GENDER', message }]);
    }
    return readDetails({ ...toDetails(cells, mode), gender }, { mode, now });
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.fields.map((field) => ({ ...field, path: columnNamed(field.path, cells) })));
  }
}

const isGender = (text: string): text is Gender => (genders as readonly string[]).includes(text);

function toDetails(cells: Record<string, string>, mode: Mode): Omit<DetailsInput, 'gender'> {
  const cell = (name: string) => cells[name] || undefined;
  const system = cell('insSystem') ?? (mode === 'demonstration' ? insSystems.test : insSystems.nir);
  const ins = cell('ins');
  const phone = cell('phone');
  const email = cell('email');
  const hasAddress = ['addressLine', 'postalCode', 'city', 'country'].some((name) => cell(name));
  return {
    familyName: cells.familyName ?? '',
    givenNames: (cells.givenNames ?? '').split('|').filter((name) => name.trim()),
    birthName: cell('birthName'),
    birthDate: cells.birthDate ?? '',
    identifiers: ins ? [{ system, value: ins }] : [],
    telecom: [
      ...(phone ? [{ system: 'phone' as const, value: phone }] : []),
      ...(email ? [{ system: 'email' as const, value: email }] : []),
    ],
    address: hasAddress
      ? {
          line: cells.addressLine ? [cells.addressLine] : [],
          postalCode: cells.postalCode ?? '',
          city: cells.city ?? '',
          country: cell('country'),
        }
      : undefined,
  };
}

/** The column that a field of the details was read from. */
function columnNamed(path: string, cells: Record<string, string>): string {
  if (path.startsWith('identifiers')) return path.endsWith('.system') ? 'insSystem' : 'ins';
  if (path.startsWith('telecom')) return path.startsWith('telecom[0]') && cells.phone ? 'phone' : 'email';
  if (path.startsWith('address.line')) return 'addressLine';
  return path.replace(/^address\./, '').replace(/\[\d+\]$/, '');
}
