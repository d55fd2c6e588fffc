import { appointments, freeSlots } from '../../mock/agenda.ts';
import type { Asked } from '../../mock/operation.ts';
import { idOf, type Practitioner, patients, practitioners } from '../../mock/people.ts';

/** A patient of the test, and what only their pages may show. */
export interface Patient {
  id: string;
  familyName: string;
  words: string[];
}

/** What was sent for somebody, with all texts that somebody typed. */
export interface Write {
  name: string;
  patientId: string;
  texts: string[];
  /** A time that was kept, and is not any more, is given back by the page itself. */
  isGivenBack: boolean;
}

const typed = /^For \w+ \d+$/;

/** All texts in what was sent that were typed in a tab. */
function textsIn(body: unknown): string[] {
  if (typeof body === 'string') return typed.test(body) ? [body] : [];
  return typeof body === 'object' && body !== null ? Object.values(body).flatMap(textsIn) : [];
}

/** What is of one patient; whom somebody searches or takes in, and what colleagues do for each other, is not. */
const ofOne = /^\w+ \/api\/(?:patients\/\{|appointments|records|waiting-list)/;

/** Of whom a write is, by what it names itself; undefined for what changes nothing of a patient. */
export function whose(name: string, { path, body }: Asked): Write | undefined {
  if (name.startsWith('GET ') || !ofOne.test(name)) return undefined;
  const said = body as { patientId?: string } | undefined;
  const patientId =
    said?.patientId ??
    path.patientId ??
    (name.includes('/appointments/') ? appointments.get(path.id ?? '')?.patientId : path.id);
  const isGivenBack = name.endsWith('/cancel') && appointments.get(path.id ?? '')?.status === 'pending';
  return { name, patientId: patientId ?? 'nobody', texts: textsIn(body), isGivenBack };
}

/** Of whom the address of a page is, and of whom what it names; none for a page about nobody. */
export function ownersOf(path: string): string[] {
  const [, patientId, kind, id] = /^\/patients\/([\da-f-]{36})(?:\/(appointments|series)\/([^/]+))?/.exec(path) ?? [];
  if (!patientId) return [];
  const named =
    kind === 'series' ? [...appointments.values()].find(({ seriesId }) => seriesId === id) : appointments.get(id ?? '');
  return [patientId, named?.patientId ?? patientId];
}

/** Two who have no word of their details in common, with appointments today and in some weeks. */
export function prepare(): Patient[] {
  // Of many free times each key would draw them all.
  const taken = freeSlotsOf(practitioners[1] as Practitioner, 0).filter((_, nth) => nth % 16 !== 0);
  for (const slot of taken) book(patients[50]?.id as string, slot);
  return [
    { familyName: 'Abelard', practitioner: practitioners[2], street: 'Quai des Cygnes', phone: '+33611111111' },
    { familyName: 'Zoltan', practitioner: practitioners[3], street: 'Passage du Moulin', phone: '+33799999999' },
  ].map(({ familyName, practitioner, street, phone }, nth) => {
    const patient = patients[40 + nth];
    if (!patient || !practitioner) throw new Error('the mock has too few people');
    Object.assign(patient, {
      familyName,
      birthName: undefined,
      telecom: [{ system: 'phone', value: phone }],
      address: { line: [street], postalCode: '75000', city: familyName, country: 'FR' },
    });
    for (const [id, each] of appointments) if (each.patientId === patient.id) appointments.delete(id);
    const ahead = freeSlotsOf(practitioner, 20).slice(0, 12);
    const today = { ...ahead[0], practitionerId: practitioners[0]?.id, start: todayAt('12:00'), end: todayAt('12:30') };
    for (const slot of [today as Slot, ...ahead]) book(patient.id, slot);
    return { id: patient.id, familyName, words: [familyName, street, phone] };
  });
}

type Slot = ReturnType<typeof freeSlots>[number];

function freeSlotsOf(practitioner: Practitioner, inDays: number): Slot[] {
  const from = Date.now() + inDays * dayMs;
  return freeSlots(practitioner, practitioner.appointmentTypes[0]?.id as string, from, from + 20 * dayMs);
}

function book(patientId: string, slot: Slot): void {
  const id = idOf(`${patientId} ${slot.start}`);
  const createdAt = new Date(Date.now() - dayMs).toISOString();
  appointments.set(id, { ...slot, id, version: 1, status: 'booked', patientId, mode: 'in-person', createdAt });
}

const dayMs = 24 * 3_600_000;
/** Of the day that it is at the practice. */
const todayAt = (time: string): string =>
  `${new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' })}T${time}:00.000Z`;
