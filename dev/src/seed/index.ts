import { ApiClient } from '../api-client.ts';
import type { Platform } from '../platform.ts';
import { Problem } from '../problem.ts';
import type { Progress } from '../progress.ts';
import { Simulation } from '../simulate/simulation.ts';
import {
  type SeededPatient,
  type SeededPractitioner,
  seededAppointments,
  seededPatients,
  seededPractitioners,
  toCsv,
  weeklyHours,
  workingDays,
} from './practice.ts';

/** The demonstration practice is made of these. */
export const seededServices = ['patient', 'practitioner', 'appointment'];

export const seededPassword = 'cabinet-demo-2026';
export const seededLogins = [
  'admin@cabinet.test',
  'secretary@cabinet.test',
  'dr.bernard@cabinet.test',
  'alice@cabinet.test',
];

/**
 * Fills a platform with the demonstration practice, by the import that everybody has. One that was cut short goes on: the
 * import adds what lacks.
 * @param begins told before anything is stored
 */
export async function seed(
  platform: Pick<Platform, 'url' | 'services'>,
  progress: Progress,
  begins?: () => void,
): Promise<void> {
  const gateway = platform.url('gateway');
  const admin = await ApiClient.signIn(gateway, 'admin@cabinet.test', seededPassword);
  if (await isSeeded(admin)) return;
  begins?.();
  const practitioners = seededPractitioners();
  const patients = seededPatients();
  await progress.step('seed: practitioners', () =>
    importAll(
      admin,
      'practitioners',
      practitioners.map(({ columns }) => columns),
    ),
  );
  await progress.step('seed: working hours', () => setWorkingHours(admin));
  await progress.step('seed: patients', () =>
    importAll(
      admin,
      'patients',
      patients.map(({ columns }) => columns),
    ),
  );
  const secretary = await ApiClient.signIn(gateway, 'secretary@cabinet.test', seededPassword);
  const bernard = await practitionerOf(admin, practitioners[0] as SeededPractitioner);
  const alice = await patientOf(secretary, patients[0] as SeededPatient);
  // A visit that was missed leaves its time free: it would be booked once more.
  if (!(await wereVisitsRecorded(secretary, bernard)))
    await progress.step('seed: appointments', () =>
      importAll(admin, 'appointments', seededAppointments(practitioners, patients, new Date())),
    );
  await progress.step('seed: visits', () => recordVisits(secretary, bernard, alice, new Date()));
  if (platform.services.includes('wearable'))
    await progress.step('seed: readings', () => measureAtHome(gateway, secretary, bernard, alice, new Date()));
  await link(admin, 'dr.bernard@cabinet.test', { practitionerId: bernard });
  await link(admin, 'alice@cabinet.test', { patientId: alice });
}

// The links of the logins are made last, so they tell that everything before has been done.
async function isSeeded(admin: ApiClient): Promise<boolean> {
  const alice = await userCalled(admin, 'alice@cabinet.test');
  return Boolean(alice?.patientId);
}

async function importAll(admin: ApiClient, what: string, rows: Record<string, string>[]): Promise<string> {
  const { lines, refused } = await admin.sendCsv(`/api/${what}/import`, toCsv(rows));
  if (lines.refused > 0)
    throw new Problem(
      `${lines.refused} ${what} were refused, the first for ${refused[0]?.field}: ${refused[0]?.reason}`,
    );
  return `${lines.created} created, ${lines.unchanged} there before, ${lines.refused} refused`;
}

async function setWorkingHours(admin: ApiClient): Promise<string> {
  const { items } = await admin.get('/api/practitioners?limit=100');
  for (const { id, places } of items) {
    const schedule = await admin.get(`/api/schedules/${id}`);
    if (schedule.version > 0) continue;
    const hours = weeklyHours.map((each) => ({ ...each, placeId: places[0].id, daysOfWeek: workingDays }));
    await admin.send('PUT', `/api/schedules/${id}`, { hours }, { 'if-match': `"v${schedule.version}"` });
  }
  return `${items.length} practitioners`;
}

async function practitionerOf(admin: ApiClient, { rpps }: SeededPractitioner): Promise<string> {
  return (await admin.get(`/api/practitioners?rpps=${rpps}`)).items[0].id;
}

async function patientOf(secretary: ApiClient, { ins }: SeededPatient): Promise<string> {
  const identifier = { system: 'urn:oid:1.2.250.1.213.1.4.10', value: ins };
  return (await secretary.send('POST', '/api/patients/search', { identifier })).items[0].id;
}

type Booked = { id: string; patientId: string; status: string; start: string };

async function appointmentsOf(secretary: ApiClient, query: string): Promise<Booked[]> {
  return (await secretary.get(`/api/appointments?${query}&limit=100`)).items;
}

const wereVisitsRecorded = async (secretary: ApiClient, bernard: string): Promise<boolean> =>
  (await appointmentsOf(secretary, `practitionerId=${bernard}&status=fulfilled`)).length > 0;

/**
 * What has become of Dr Bernard's appointments by now: Alice did not come to her first, and has cancelled one to come. What was
 * recorded before stays as it is.
 */
async function recordVisits(secretary: ApiClient, bernard: string, alice: string, now: Date): Promise<string> {
  const [past, hers] = await Promise.all([
    appointmentsOf(secretary, `practitionerId=${bernard}&status=booked&to=${now.toISOString()}`),
    appointmentsOf(secretary, `practitionerId=${bernard}&patientId=${alice}`),
  ]);
  const [missed] = hers.some(({ status }) => status === 'noshow')
    ? []
    : past.filter((each) => each.patientId === alice);
  for (const { id } of past)
    if (id !== missed?.id) await secretary.send('POST', `/api/appointments/${id}/complete`, {});
  if (missed) await secretary.send('POST', `/api/appointments/${missed.id}/miss`, {});
  const toCome = hers.filter(({ start }) => Date.parse(start) > now.getTime());
  const isCancelled = toCome.some(({ status }) => status === 'cancelled');
  const next = isCancelled ? undefined : toCome.find(({ status }) => status === 'booked');
  const cancelling = { reason: 'Unable to come', code: 'pat' };
  if (next) await secretary.send('POST', `/api/appointments/${next.id}/cancel`, cancelling);
  return `${past.length} recorded`;
}

const peopleMeasuring = 5;
const daysMeasured = 14;
/** With it the first person has all that people measure with at home but a sensor of glucose. */
const measuringSeed = 31;

/** Alice and some others who come to Dr Bernard have devices at home: there are curves to look at. */
async function measureAtHome(
  gateway: string,
  secretary: ApiClient,
  bernard: string,
  alice: string,
  now: Date,
): Promise<string> {
  const theirs = await appointmentsOf(secretary, `practitionerId=${bernard}&status=fulfilled`);
  const others = theirs.map(({ patientId }) => patientId).filter((id) => id !== alice);
  const simulation = new Simulation({
    gateway,
    desk: async () => secretary,
    patientIds: [alice, ...new Set(others)].slice(0, peopleMeasuring),
    days: daysMeasured,
    seed: measuringSeed,
    now,
  });
  await simulation.sendPast(() => undefined);
  return `${simulation.tally.stored} stored, of ${simulation.people} people`;
}

async function link(admin: ApiClient, email: string, to: Record<string, string>): Promise<void> {
  const user = await userCalled(admin, email);
  await admin.send('PATCH', `/api/auth/users/${user.id}`, to, { 'if-match': `"v${user.version}"` });
}

async function userCalled(admin: ApiClient, email: string) {
  const { items } = await admin.get('/api/auth/users?limit=100');
  return items.find((user: { email: string }) => user.email === email);
}
