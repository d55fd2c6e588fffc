import { readCsv } from '@cabinet/import/csv';
import { type ImportReport, importLines, type LineOutcome } from '@cabinet/import/import-lines';
import type { Clock } from '@cabinet/kit/clock';
import { type FieldError, FieldErrors, InvalidInput } from '@cabinet/kit/errors';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { changedFields } from '@cabinet/service/changes';
import { mayBeSamePerson, nameKeyOf } from './duplicates.js';
import type { Practitioners } from './ports.js';
import { detailsOf, type Practitioner, type PractitionerDetails } from './practitioner.js';
import { type DetailsInput, readDetails } from './practitioner-details.js';
import { newPractitioner } from './register-practitioner.js';
import { doubtsAboutRpps } from './rpps.js';
import { doubtsAboutSpecialities } from './specialities.js';

const placeColumns = ['placeName', 'placeAddressLine', 'placePostalCode', 'placeCity', 'placeZone'];
const columns = {
  required: ['familyName', 'givenNames'],
  optional: ['rpps', 'specialities', 'phone', 'email', ...placeColumns, 'appointmentTypes'],
};

export interface ImportOptions {
  /** Only says what would happen. */
  dryRun: boolean;
}

export class ImportPractitioners {
  constructor(
    private readonly practitioners: Practitioners,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers the practitioners of a CSV text who are not known yet, by RPPS number or else by name. Known ones are never
   * changed by an import.
   * @throws 422 for a text that is not CSV or has the wrong columns; then nothing is stored
   */
  async import(text: string, { dryRun }: ImportOptions): Promise<ImportReport> {
    const table = await readCsv(text, columns);
    const now = this.clock.now();
    // With a dry run nothing is stored, so what earlier batches would have stored is remembered here.
    const earlier: Practitioner[] = [];
    return importLines(table, {
      dryRun,
      parse: parseLine,
      store: async (lines) => {
        const { outcomes, created, told } = await this.practitioners.inTransaction(async (tx) => {
          const rpps = lines.flatMap((line) => line.rpps ?? []);
          const known = await tx.lockRegistration(rpps, lines.map(nameKeyOf));
          const sorted = sort(lines, [...known, ...earlier], now);
          if (!dryRun) {
            noteSubjects(...sorted.created.map(({ id }) => id));
            await tx.add(sorted.created);
          }
          const stored = new Set(known);
          return { ...sorted, told: sorted.same.filter((each) => stored.has(each)) };
        });
        // What the report says of people who were there before, it says in a dry run as well.
        noteSubjects(...told.map(({ id }) => id));
        if (dryRun) earlier.push(...created);
        return outcomes;
      },
    });
  }
}

function sort(lines: PractitionerDetails[], known: Practitioner[], now: Date) {
  const created: Practitioner[] = [];
  const same: Practitioner[] = [];
  const outcomes = lines.map((details): LineOutcome => {
    const other = samePerson(details, [...known, ...created]);
    if (other) {
      same.push(other);
      return { kind: 'unchanged', warnings: differences(other, details) };
    }
    created.push(newPractitioner(details, now));
    return { kind: 'created', warnings: doubts(details) };
  });
  return { outcomes, created, same };
}

const samePerson = (details: PractitionerDetails, people: Practitioner[]): Practitioner | undefined =>
  people.find(({ rpps }) => rpps !== undefined && rpps === details.rpps) ??
  people.find((other) => mayBeSamePerson(details, other));

// An import never overwrites what the practice knows; it says what the file has that is not known, or known otherwise.
function differences(known: Practitioner, line: PractitionerDetails): FieldError[] {
  const filled = Object.entries(line).filter(([, value]) => value !== undefined && !isEmptyList(value));
  const changed = changedFields(withoutIds(known), withoutIds({ ...known, ...Object.fromEntries(filled) }));
  return changed.map((name) => ({
    path: columnOf[name] ?? name,
    code: 'DIFFERS',
    message: 'differs from what is registered, which was left as it is',
  }));
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

// Each reading of a line makes up new ids for its place and types.
const withoutIds = (practitioner: Practitioner) => ({
  ...detailsOf(practitioner),
  places: practitioner.places.map(({ id: _, ...place }) => place),
  appointmentTypes: practitioner.appointmentTypes.map(({ id: _, ...type }) => type),
});

const columnOf: Record<string, string> = { telecom: 'phone', places: 'placeName' };

const doubts = (details: PractitionerDetails): FieldError[] => [
  ...doubtsAboutRpps(details.rpps),
  ...doubtsAboutSpecialities(details.specialities).map((doubt) => ({ ...doubt, path: 'specialities' })),
];

/** @throws InvalidInput (422) naming all the columns that are wrong */
function parseLine(cells: Record<string, string>): PractitionerDetails {
  const faults = new FieldErrors();
  const appointmentTypes = readTypes(cells.appointmentTypes ?? '', faults);
  const details = faults.take(() => {
    try {
      return readDetails({ ...toDetails(cells), appointmentTypes });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      throw new InvalidInput(error.fields.map((field) => ({ ...field, path: columnNamed(field.path, cells) })));
    }
  });
  faults.throwIfAny();
  return details as PractitionerDetails;
}

/** `Consultation:20|Suivi:15` */
function readTypes(text: string, errors: FieldErrors): { name: string; minutes: number }[] {
  return listed(text).flatMap((item) => {
    const [, name = '', minutes] = /^(.*):\s*(\d{1,4})$/s.exec(item) ?? [];
    if (minutes !== undefined) return { name, minutes: Number(minutes) };
    errors.add('appointmentTypes', 'NO_TYPE', 'must be name:minutes, several with | between');
    return [];
  });
}

const listed = (text: string): string[] =>
  text
    .split('|')
    .map((item) => item.trim())
    .filter(Boolean);

function toDetails(cells: Record<string, string>): DetailsInput {
  const cell = (name: string) => cells[name] || undefined;
  const phone = cell('phone');
  const email = cell('email');
  return {
    familyName: cells.familyName ?? '',
    givenNames: listed(cells.givenNames ?? ''),
    rpps: cell('rpps'),
    specialities: listed(cells.specialities ?? '').map((text) =>
      /^[A-Z]{1,4}\d{1,4}$/i.test(text) ? { code: text } : { display: text },
    ),
    places: placeColumns.some((name) => cell(name)) ? [toPlace(cells)] : [],
    telecom: [
      ...(phone ? [{ system: 'phone' as const, value: phone }] : []),
      ...(email ? [{ system: 'email' as const, value: email }] : []),
    ],
  };
}

function toPlace(cells: Record<string, string>) {
  const hasAddress = ['placeAddressLine', 'placePostalCode', 'placeCity'].some((name) => cells[name]);
  return {
    name: cells.placeName ?? '',
    zone: cells.placeZone || 'Europe/Paris',
    address: hasAddress
      ? {
          line: cells.placeAddressLine ? [cells.placeAddressLine] : [],
          postalCode: cells.placePostalCode ?? '',
          city: cells.placeCity ?? '',
        }
      : undefined,
  };
}

/** The column that a field of the details was read from. */
function columnNamed(path: string, cells: Record<string, string>): string {
  if (path.startsWith('telecom')) return path.startsWith('telecom[0]') && cells.phone ? 'phone' : 'email';
  const ofPlace = /^places\[0\]\.(?:address\.)?(name|zone|line|postalCode|city)/.exec(path)?.[1];
  if (ofPlace) return ofPlace === 'line' ? 'placeAddressLine' : `place${ofPlace[0]?.toUpperCase()}${ofPlace.slice(1)}`;
  return path.replace(/[[.].*$/, '');
}
