import { wardsOf } from '@cabinet/access/family';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors } from '@cabinet/kit/errors';
import { isRealDate } from '@cabinet/people/dates';
import { sortText, tidy, wordsAsked } from '@cabinet/people/names';
import { toE164, toEmail } from '@cabinet/people/telecom';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { askForVisits, assertMay } from './access.js';
import type { Ages } from './ages.js';
import { likenessOf, mayBeSamePerson } from './duplicates.js';
import { ContactInAddress, IdentifierInAddress } from './errors.js';
import { looksLikeNir, normalisedValue } from './identifiers.js';
import { existing, type Identifier, type Patient } from './patient.js';
import type { AfterPatient, PatientCriteria, PatientStatus, Patients, ResolvedIdentifier } from './ports.js';
import type { VisitSummaries } from './visits.js';

export type PatientWithVisits = Patient &
  VisitSummaries & {
    /** How the guardians of a teenager can be reached. */
    guardiansReachedAt?: string[];
  };

export interface PatientQuestion {
  q?: string;
  birthDate?: string;
  identifier?: { system?: string; value: string };
  /** Of the patient or of one of their contacts; as people write it. */
  phone?: string;
  email?: string;
  active?: boolean;
}

/** What lists are in order of: whose family name begins as was asked comes before who is called so besides. */
export function placeOf(patient: Pick<Patient, 'familyName' | 'givenNames'>, { q }: PatientQuestion): string {
  const sortName = sortNameOf(patient);
  const ways = q === undefined ? [] : wordsAsked(q).flat();
  if (ways.length === 0) return sortName;
  return (ways.some((way) => sortName.startsWith(way)) ? '0' : '1') + sortName;
}

export const sortNameOf = ({ familyName, givenNames }: Pick<Patient, 'familyName' | 'givenNames'>): string =>
  sortText([familyName, ...givenNames]);

export class FindPatients {
  constructor(
    private readonly patients: Patients,
    private readonly clock: Clock,
    private readonly ages: Ages,
  ) {}

  /** @throws NotYourData (403), 404, 410 */
  async get(id: string, actor: Principal): Promise<PatientWithVisits> {
    assertMay(actor, [id], [], this.clock.now());
    const patient = existing(await this.patients.find(id));
    return this.withVisits(patient, actor);
  }

  /** The one that an id leads to by now; for whoever may have all of it. @throws 404, 410 */
  async current(id: string): Promise<PatientWithVisits> {
    const patient = existing(await this.patients.find(id));
    if (patient.mergedInto) return this.current(patient.mergedInto);
    const [whole] = await this.completed([patient], []);
    return whole as PatientWithVisits;
  }

  async withVisits(patient: Patient, actor: Principal): Promise<PatientWithVisits> {
    noteSubjects(ownerOf(patient));
    const [seen] = await this.completed([patient], wardsOf(actor, this.clock.now()));
    return seen as PatientWithVisits;
  }

  /** @param wards of whom it is not said when they come: guardians learn no more of it than the minor lets them know */
  private async completed(patients: Patient[], wards: readonly string[]): Promise<PatientWithVisits[]> {
    const owners = patients
      .filter((patient) => ![patient.id, ownerOf(patient)].some((id) => wards.includes(id)))
      .map(ownerOf);
    const [visits, reached] = await Promise.all([this.patients.visitsOf(owners), this.guardiansOf(patients)]);
    return patients.map((patient) => {
      return { ...patient, ...visits.get(ownerOf(patient)), guardiansReachedAt: reached.get(patient.id) };
    });
  }

  /** @throws InvalidInput (422) for a date that does not exist or a name without a letter */
  async search(
    question: PatientQuestion,
    { limit, after }: { limit: number; after?: AfterPatient },
    actor: Principal,
  ): Promise<Page<PatientWithVisits>> {
    askForVisits(actor);
    const found = await this.patients.search(toCriteria(question), limit, after);
    const page = toPage(found, limit);
    return { ...page, items: await this.completed(page.items, wardsOf(actor, this.clock.now())) };
  }

  /** How the guardians of those who are teenagers can be reached. */
  private guardiansOf(patients: Patient[]): Promise<Map<string, string[]>> {
    const now = this.clock.now();
    const teenagers = patients.filter((patient) => !patient.erasedAt && this.ages.isTeenager(patient, now));
    return this.patients.guardiansReachedAt(
      teenagers.map(({ id }) => id),
      now,
    );
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

  /** Others who may be the same person, for somebody to compare and merge; an old id leads on. @throws 404, 410 */
  async duplicatesOf(id: string, actor: Principal): Promise<PatientWithVisits[]> {
    askForVisits(actor);
    const patient = existing(await this.patients.find(id));
    noteSubjects(patient.id);
    if (patient.mergedInto) return this.duplicatesOf(patient.mergedInto, actor);
    const born = await this.patients.search({ birthDate: patient.birthDate }, bornOnOneDayMax);
    const likeness = likenessOf(patient);
    const alike = born.filter((other) => other.id !== id && mayBeSamePerson(likeness, likenessOf(other)));
    return this.completed(alike, wardsOf(actor, this.clock.now()));
  }
}

/** The visits of one who was merged are those of the one they turned out to be. */
const ownerOf = ({ id, mergedInto }: Patient): string => mergedInto ?? id;

const bornOnOneDayMax = 1_000;

/** @throws IdentifierInAddress, ContactInAddress (422) when a query string holds what looks like a NIR or a way to reach somebody */
export function assertNothingPersonal(texts: Record<string, string | undefined>): void {
  for (const [path, text = ''] of Object.entries(texts)) {
    if (looksLikeNir(text)) throw new IdentifierInAddress(path);
    if (looksLikeContact(text)) throw new ContactInAddress(path);
  }
}

const looksLikeContact = (text: string): boolean => /\S@\S/.test(text) || toE164(text) !== undefined;

function toCriteria({ q, birthDate, identifier, phone, email, active }: PatientQuestion): PatientCriteria {
  const errors = new FieldErrors();
  if (birthDate !== undefined && !isRealDate(birthDate)) {
    errors.add('birthDate', 'NO_SUCH_DATE', 'must be a date that exists, as YYYY-MM-DD');
  }
  const words = q === undefined || tidy(q) === '' ? undefined : wordsAsked(q);
  if (words?.length === 0) errors.add('q', 'NO_NAME', 'must have a letter or a digit in it');
  const number = phone === undefined ? undefined : toE164(phone);
  if (phone !== undefined && !number) errors.add('phone', 'NO_PHONE_NUMBER', 'is not a phone number');
  const address = email === undefined ? undefined : toEmail(email)?.toLowerCase();
  if (email !== undefined && !address) errors.add('email', 'NO_EMAIL', 'is not an e-mail address');
  errors.throwIfAny();
  const normalised = identifier && { ...identifier, value: normalisedValue(identifier.value) };
  return {
    words,
    birthDate,
    identifier: normalised,
    reachedAt: [number, address].filter((each) => each !== undefined),
    active,
  };
}
