import { readCsv } from '@cabinet/import/csv';
import { dayReader } from '@cabinet/import/day-reader';
import { type ImportReport, importLines, type LineOutcome } from '@cabinet/import/import-lines';
import type { Clock } from '@cabinet/kit/clock';
import type { FieldError } from '@cabinet/kit/errors';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { changedFields } from '@cabinet/service/changes';
import { isSamePerson, type Likeness, likenessOf, mayBeSamePerson } from './duplicates.js';
import { doubtsAbout, type Mode } from './identifiers.js';
import { type DetailName, detailsOf, type Patient, type PatientDetails } from './patient.js';
import { columns, parseLine } from './patient-lines.js';
import type { KnownPerson, Patients, PatientTransaction } from './ports.js';
import { newPatient } from './register-patient.js';

export interface ImportOptions {
  /** Only says what would happen. */
  dryRun: boolean;
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
  async import(text: string, { dryRun }: ImportOptions): Promise<ImportReport> {
    const table = await readCsv(text, columns);
    const now = this.clock.now();
    const rules = { mode: this.mode, now, dayOf: dayReader(table, 'birthDate') };
    // Those whom this file brings. With a dry run nothing is stored, so later batches do not find them elsewhere.
    const fresh = new Map<string, Patient>();
    return importLines(table, {
      dryRun,
      parse: (cells) => parseLine(cells, rules),
      store: async (lines) => {
        const { outcomes, created, told } = await this.patients.inTransaction(async (tx) => {
          const sorted = await this.sort(tx, lines, fresh, now);
          if (dryRun) return sorted;
          noteSubjects(...sorted.created.map(({ id }) => id));
          await tx.add(sorted.created);
          return sorted;
        });
        for (const patient of created) fresh.set(patient.id, patient);
        // What the report says of people who were there before, it says in a dry run as well.
        noteSubjects(...told.filter((id) => !fresh.has(id)));
        return outcomes;
      },
    });
  }

  private async sort(tx: PatientTransaction, lines: PatientDetails[], fresh: ReadonlyMap<string, Patient>, now: Date) {
    const born = await tx.lockBirthDates(lines.map(({ birthDate }) => birthDate));
    const holders = await tx.holdersOf(lines.flatMap(({ identifiers }) => identifiers));
    const holding = await tx.lock(holders.map(({ patientId }) => patientId));
    const people = new KnownPeople([...fresh.values(), ...born, ...holding.values()]);
    const created: Patient[] = [];
    const judged = lines.map((details) => {
      const judgement = people.judge(details);
      if (judgement.kind === 'new') {
        const patient = newPatient(details, now);
        created.push(patient);
        people.add(patient);
      }
      return { details, judgement };
    });
    const stored = await tx.lock(judged.flatMap(({ judgement }) => (judgement.kind === 'known' ? judgement.id : [])));
    const known = new Map([...fresh, ...created.map((patient) => [patient.id, patient] as const), ...stored]);
    const outcomes = judged.map(({ details, judgement }) => outcomeOf(judgement, details, known));
    return { outcomes, created, told: judged.flatMap(({ judgement }) => judgement.id ?? []) };
  }
}

/** With the id of the one whom the line was compared with, if there is one: alike, the same, or with that identifier. */
type Judgement = { kind: 'new'; id?: string } | { kind: 'known'; id: string } | { kind: 'taken'; id: string };

function outcomeOf(judgement: Judgement, details: PatientDetails, people: ReadonlyMap<string, Patient>): LineOutcome {
  switch (judgement.kind) {
    case 'taken':
      return { kind: 'refused', fields: [takenIns] };
    case 'known': {
      const known = people.get(judgement.id);
      return { kind: 'unchanged', warnings: known ? differences(known, details) : [] };
    }
    case 'new': {
      const doubts = doubtsAbout(details).map((doubt) => ({ ...doubt, path: 'ins' }));
      return { kind: 'created', warnings: judgement.id ? [possibleDuplicate, ...doubts] : doubts };
    }
    default:
      return judgement satisfies never;
  }
}

interface Known {
  id: string;
  likeness: Likeness;
}

/** Those who are registered already, found by birth date and by identifier. */
class KnownPeople {
  private readonly byBirthDate = new Map<string, Known[]>();
  private readonly byIdentifier = new Map<string, Known>();

  constructor(people: KnownPerson[]) {
    for (const person of new Map(people.map((each) => [each.id, each])).values()) this.add(person);
  }

  add(person: KnownPerson): void {
    const known = { id: person.id, likeness: likenessOf(person) };
    const born = this.byBirthDate.get(person.birthDate);
    if (born) born.push(known);
    else this.byBirthDate.set(person.birthDate, [known]);
    for (const { system, value } of person.identifiers) this.byIdentifier.set(`${system} ${value}`, known);
  }

  judge(details: PatientDetails): Judgement {
    const likeness = likenessOf(details);
    const born = this.byBirthDate.get(details.birthDate) ?? [];
    const [identifier] = details.identifiers;
    const holder = identifier && this.byIdentifier.get(`${identifier.system} ${identifier.value}`);
    if (holder && !mayBeSamePerson(holder.likeness, likeness)) return { kind: 'taken', id: holder.id };
    const same = holder ?? born.find((other) => isSamePerson(other.likeness, likeness));
    if (same) return { kind: 'known', id: same.id };
    return { kind: 'new', id: born.find((other) => mayBeSamePerson(other.likeness, likeness))?.id };
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
