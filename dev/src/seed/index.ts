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
import { recordVisits, visitsOf, wereVisitsRecorded } from './visits.ts';

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
  await progress.step('seed: visits', async () =>
    recordVisits(secretary, { bernard, alice, practitioners: await allPractitioners(admin) }, new Date()),
  );
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
    // Whoever was added by hand may receive nowhere yet.
    const [place] = places;
    if (!place) continue;
    const schedule = await admin.get(`/api/schedules/${id}`);
    if (schedule.version > 0) continue;
    const hours = weeklyHours.map((each) => ({ ...each, placeId: place.id, daysOfWeek: workingDays }));
    await admin.send('PUT', `/api/schedules/${id}`, { hours }, { 'if-match': `"v${schedule.version}"` });
  }
  return `${items.length} practitioners`;
}

const allPractitioners = async (admin: ApiClient): Promise<string[]> =>
  (await admin.get('/api/practitioners?limit=100')).items.map(({ id }: { id: string }) => id);

async function practitionerOf(admin: ApiClient, { rpps }: SeededPractitioner): Promise<string> {
  return (await admin.get(`/api/practitioners?rpps=${rpps}`)).items[0].id;
}

async function patientOf(secretary: ApiClient, { ins }: SeededPatient): Promise<string> {
  const identifier = { system: 'urn:oid:1.2.250.1.213.1.4.10', value: ins };
  return (await secretary.send('POST', '/api/patients/search', { identifier })).items[0].id;
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
  const theirs = await visitsOf(secretary, `practitionerId=${bernard}&status=fulfilled`);
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
