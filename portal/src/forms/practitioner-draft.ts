import { contactOf, withContact } from '../api/contacts.ts';
import type { Practitioner, PractitionerPatch, PractitionerRequest } from '../api/types.ts';

/** A place as it is typed; with the id of one that exists it is that one. */
export interface PlaceDraft {
  id?: string;
  name: string;
  zone: string;
  line: string;
  postalCode: string;
  city: string;
}

export interface TypeDraft {
  id?: string;
  name: string;
  minutes: string;
}

/** What is typed of a practitioner. */
export interface PractitionerDraft {
  familyName: string;
  /** With blanks between. */
  givenNames: string;
  rpps: string;
  /** Names or codes, with `;` between, for a name may have a comma. */
  specialities: string;
  phone: string;
  email: string;
  places: PlaceDraft[];
  types: TypeDraft[];
}

export const usualZone = 'Europe/Paris';

export const nothing: PractitionerDraft = {
  ...{ familyName: '', givenNames: '', rpps: '', specialities: '', phone: '', email: '' },
  ...{ places: [], types: [] },
};

const minutesMax = 480;
const minutesMin = 5;

const partsOf = (text: string, between: string | RegExp): string[] =>
  text
    .split(between)
    .map((each) => each.trim())
    .filter(Boolean);

export const draftOf = (practitioner: Practitioner): PractitionerDraft => ({
  familyName: practitioner.familyName,
  givenNames: practitioner.givenNames.join(' '),
  rpps: practitioner.rpps ?? '',
  specialities: practitioner.specialities.map(({ display }) => display).join('; '),
  phone: contactOf(practitioner.telecom, 'phone'),
  email: contactOf(practitioner.telecom, 'email'),
  places: practitioner.places.map(({ id, name, zone, address }) => ({
    ...{ id, name, zone },
    line: address?.line.join(', ') ?? '',
    postalCode: address?.postalCode ?? '',
    city: address?.city ?? '',
  })),
  types: practitioner.appointmentTypes.map(({ id, name, minutes }) => ({ id, name, minutes: String(minutes) })),
});

export const isLengthFit = ({ minutes }: TypeDraft): boolean =>
  /^\d+$/.test(minutes) && Number(minutes) >= minutesMin && Number(minutes) <= minutesMax;

/** Whether nothing is missing that can be seen to be missing. */
export const isFit = ({ familyName, givenNames, places, types }: PractitionerDraft): boolean =>
  [familyName, givenNames, ...places.map(({ name }) => name), ...types.map(({ name }) => name)].every(
    (each) => each.trim() !== '',
  ) && types.every(isLengthFit);

/** What is known of them and is not typed, as codes of specialities and further lines of addresses, stays. */
function specialitiesOf(text: string, known: Practitioner['specialities'] = []) {
  return partsOf(text, ';').map(
    (part) =>
      known.find(({ display }) => display === part) ??
      (/^[A-Z]{1,4}\d{1,4}$/i.test(part) ? { code: part.toUpperCase() } : { display: part }),
  );
}

function placeOf({ id, name, zone, line, postalCode, city }: PlaceDraft, known: Practitioner['places'] = []) {
  const before = known.find((each) => each.id === id)?.address;
  const isSame = before?.line.join(', ') === line && before.postalCode === postalCode && before.city === city;
  const hasAddress = [line, postalCode, city].some((each) => each.trim() !== '');
  const typed = { ...before, line: partsOf(line, ','), postalCode: postalCode.trim(), city: city.trim() };
  return { id, name: name.trim(), zone, ...(hasAddress && { address: isSame ? before : typed }) };
}

/** What is sent of somebody who is new here, or (with `known`) would be sent of somebody who is not. */
export function requestOf(draft: PractitionerDraft, known?: Practitioner): PractitionerRequest {
  const rpps = draft.rpps.trim();
  const telecom = withContact(withContact(known?.telecom ?? [], 'phone', draft.phone), 'email', draft.email);
  return {
    familyName: draft.familyName.trim(),
    givenNames: partsOf(draft.givenNames, /\s+/),
    ...(rpps && { rpps }),
    specialities: specialitiesOf(draft.specialities, known?.specialities),
    telecom,
    places: draft.places.map((each) => placeOf(each, known?.places)),
    appointmentTypes: draft.types.map(({ id, name, minutes }) => ({ id, name: name.trim(), minutes: Number(minutes) })),
  };
}

/** Which fields of the draft each field of a request comes from. */
const sources: Record<keyof PractitionerRequest, (keyof PractitionerDraft)[]> = {
  familyName: ['familyName'],
  givenNames: ['givenNames'],
  rpps: ['rpps'],
  specialities: ['specialities'],
  telecom: ['phone', 'email'],
  places: ['places'],
  appointmentTypes: ['types'],
};

/** What differs from what is known: nothing else is sent, so that what somebody else changes meanwhile stays. */
export function changesOf(draft: PractitionerDraft, known: Practitioner): PractitionerPatch {
  const before = draftOf(known);
  const wanted = { rpps: null, ...requestOf(draft, known) };
  const changed = (Object.keys(sources) as (keyof PractitionerRequest)[]).filter((name) =>
    sources[name].some((field) => JSON.stringify(draft[field]) !== JSON.stringify(before[field])),
  );
  return Object.fromEntries(changed.map((name) => [name, wanted[name]])) as PractitionerPatch;
}
