import { invalidField, type Page, toPage } from '@cabinet/kit';
import { foldName, isRealDate, nameWords, tidy } from '@cabinet/kit/people';
import { likenessOf, mayBeSamePerson } from './duplicates.js';
import { IdentifierInAddress } from './errors.js';
import { looksLikeNir, normalisedValue } from './identifiers.js';
import { existing, type Identifier, type Patient } from './patient.js';
import type { AfterPatient, PatientCriteria, PatientStatus, Patients, ResolvedIdentifier } from './ports.js';
import type { VisitSummaries } from './visits.js';

export type PatientWithVisits = Patient & VisitSummaries;

export interface PatientQuestion {
  q?: string;
  birthDate?: string;
  identifier?: { system?: string; value: string };
  active?: boolean;
}

const wordsMax = 8;

/** What lists are in order of. */
export const sortNameOf = ({ familyName, givenNames }: Pick<Patient, 'familyName' | 'givenNames'>): string =>
  foldName([familyName, ...givenNames].join(' '));

export class FindPatients {
  constructor(private readonly patients: Patients) {}

  /** @throws 404, 410 */
  async get(id: string): Promise<PatientWithVisits> {
    return this.withVisits(existing(await this.patients.find(id)));
  }

  async withVisits(patient: Patient): Promise<PatientWithVisits> {
    return { ...patient, ...(await this.patients.visitsOf([patient.id])).get(patient.id) };
  }

  /** @throws InvalidInput (422) for a date that does not exist or a name without a letter */
  async search(question: PatientQuestion, limit: number, after?: AfterPatient): Promise<Page<PatientWithVisits>> {
    const found = await this.patients.search(toCriteria(question), limit, after);
    const page = toPage(found, limit, (patient) => [sortNameOf(patient), patient.id]);
    const visits = await this.patients.visitsOf(page.items.map(({ id }) => id));
    return { ...page, items: page.items.map((patient) => ({ ...patient, ...visits.get(patient.id) })) };
  }

  /** Whose identifiers these are; one that nobody has is left out, one with spaces is found all the same. */
  async resolve(identifiers: Identifier[]): Promise<ResolvedIdentifier[]> {
    const wanted = Map.groupBy(identifiers, ({ system, value }) => `${system} ${normalisedValue(value)}`);
    const normalised = identifiers.map(({ system, value }) => ({ system, value: normalisedValue(value) }));
    const found = await this.patients.resolve(normalised);
    return found.flatMap(({ system, value, ...holder }) =>
      (wanted.get(`${system} ${value}`) ?? []).map((asked) => ({ ...asked, ...holder })),
    );
  }

  /** Those who exist and were not erased. */
  statusOf(ids: string[]): Promise<PatientStatus[]> {
    return this.patients.statusOf(ids);
  }

  /** Others who may be the same person, for somebody to compare and merge. @throws 404, 410 */
  async duplicatesOf(id: string): Promise<PatientWithVisits[]> {
    const patient = existing(await this.patients.find(id));
    const born = await this.patients.search({ birthDate: patient.birthDate }, bornOnOneDayMax);
    const likeness = likenessOf(patient);
    const alike = born.filter((other) => other.id !== id && mayBeSamePerson(likeness, likenessOf(other)));
    return Promise.all(alike.map((other) => this.withVisits(other)));
  }
}

const bornOnOneDayMax = 1_000;

/** @throws IdentifierInAddress (422) when a query string holds what looks like a NIR */
export function assertNoIdentifier(texts: Record<string, string | undefined>): void {
  for (const [path, text] of Object.entries(texts)) {
    if (text && looksLikeNir(text)) throw new IdentifierInAddress(path);
  }
}

function toCriteria({ q, birthDate, identifier, active }: PatientQuestion): PatientCriteria {
  if (birthDate !== undefined && !isRealDate(birthDate)) {
    throw invalidField('birthDate', 'NO_SUCH_DATE', 'must be a date that exists, as YYYY-MM-DD');
  }
  const words = q === undefined || tidy(q) === '' ? undefined : nameWords([q]).slice(0, wordsMax);
  if (words?.length === 0) throw invalidField('q', 'NO_NAME', 'must have a letter or a digit in it');
  const normalised = identifier && { ...identifier, value: normalisedValue(identifier.value) };
  return { words, birthDate, identifier: normalised, active };
}
