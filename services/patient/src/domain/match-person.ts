import { FieldErrors } from '@cabinet/kit/errors';
import { isRealDate } from '@cabinet/people/dates';
import { foldName, readName } from '@cabinet/people/names';
import { toE164, toEmail } from '@cabinet/people/telecom';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { areAlike, likenessOf, mayBeSamePerson } from './duplicates.js';
import type { Patient } from './patient.js';
import type { Patients } from './ports.js';

/** Who somebody says they are. */
export interface SaidPerson {
  familyName: string;
  givenNames: string[];
  birthDate: string;
  email?: string;
  phone?: string;
}

/** `similar`: but for slips of the pen, or the other of family name and birth name. `unknown`: one side does not say. */
export type Agreement = 'same' | 'similar' | 'different' | 'unknown';

/** What agrees of a patient with who somebody says they are, and what does not. */
export interface PatientMatch {
  patient: Patient;
  familyName: Agreement;
  givenNames: Agreement;
  birthDate: Agreement;
  email: Agreement;
  phone: Agreement;
}

const bornOnOneDayMax = 1_000;
const reachedThereMax = 50;
const matchesMax = 20;

/** Finds for somebody of the practice who a person may be that says who they are: the practice decides. */
export class MatchPerson {
  constructor(private readonly patients: Pick<Patients, 'search'>) {}

  /**
   * Patients born on that day with a similar name, and those who are reached at the same number or address, the best first.
   * @throws InvalidInput (422)
   */
  async find(input: SaidPerson): Promise<PatientMatch[]> {
    const said = readPerson(input);
    const reachedAt = [said.phone, said.email].filter((each) => each !== undefined);
    const { birthDate } = said;
    // A day that stands for an unknown one has more than can be compared: those of the same name are among them in any case.
    const ofTheName = { birthDate, words: [wordsOf(said)] };
    const [born, named, reached] = await Promise.all([
      this.patients.search({ birthDate }, bornOnOneDayMax),
      this.patients.search(ofTheName, bornOnOneDayMax),
      Promise.all(reachedAt.map((each) => this.patients.search({ reachedAt: [each] }, reachedThereMax))),
    ]);
    const likeness = likenessOf({ ...said, identifiers: [] });
    const alike = [...born, ...named].filter((patient) => mayBeSamePerson(likeness, likenessOf(patient)));
    const all = new Map([...alike, ...reached.flat()].map((patient) => [patient.id, patient]));
    const matches = [...all.values()].map((patient) => compare(said, patient)).sort(byAgreement);
    const best = matches.slice(0, matchesMax);
    noteSubjects(...best.map(({ patient }) => patient.id));
    return best;
  }
}

const wordsOf = ({ familyName, givenNames }: SaidPerson): string[] =>
  [familyName, ...givenNames].flatMap((name) => foldName(name).split(' '));

/** How a patient compares with who somebody says they are. */
export function compare(said: SaidPerson, patient: Patient): PatientMatch {
  const reached = (system: 'email' | 'phone', value: string | undefined): Agreement => {
    const all = patient.telecom.filter((point) => point.system === system).map((point) => point.value.toLowerCase());
    if (value === undefined || all.length === 0) return 'unknown';
    return all.includes(value.toLowerCase()) ? 'same' : 'different';
  };
  return {
    patient,
    familyName: areAlike([said.familyName], [patient.familyName, ...(patient.birthName ? [patient.birthName] : [])]),
    givenNames: areAlike(said.givenNames.slice(0, 1), patient.givenNames),
    birthDate: said.birthDate === patient.birthDate ? 'same' : 'different',
    email: reached('email', said.email),
    phone: reached('phone', said.phone),
  };
}

const worth: Record<Agreement, number> = { same: 2, similar: 1, unknown: 0, different: -1 };

const worthOf = ({ familyName, givenNames, birthDate, email, phone }: PatientMatch): number =>
  [familyName, givenNames, birthDate, email, phone].reduce((sum, each) => sum + worth[each], 0);

const byAgreement = (one: PatientMatch, other: PatientMatch): number =>
  worthOf(other) - worthOf(one) || (one.patient.id < other.patient.id ? -1 : 1);

function readPerson({ familyName, givenNames, birthDate, email, phone }: SaidPerson): SaidPerson {
  const errors = new FieldErrors();
  if (givenNames.length === 0) errors.add('givenNames', 'REQUIRED', 'needs at least one name');
  if (!isRealDate(birthDate)) errors.add('birthDate', 'NO_SUCH_DATE', 'must be a date that exists, as YYYY-MM-DD');
  const number = phone === undefined ? undefined : toE164(phone);
  const address = email === undefined ? undefined : toEmail(email)?.toLowerCase();
  if (phone !== undefined && !number) errors.add('phone', 'NO_PHONE_NUMBER', 'is not a phone number');
  if (email !== undefined && !address) errors.add('email', 'NO_EMAIL', 'is not an e-mail address');
  const read = {
    familyName: readName(familyName, 'familyName', errors),
    givenNames: givenNames.map((name, nth) => readName(name, `givenNames[${nth}]`, errors)),
    birthDate,
    email: address,
    phone: number,
  };
  errors.throwIfAny();
  return read;
}
