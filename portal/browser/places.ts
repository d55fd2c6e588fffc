import type { Page, Request } from 'playwright-core';
import { appointments } from '../mock/agenda.ts';
import { firstAlert, pulseRule } from '../mock/alerts.ts';
import { erasedPatientId } from '../mock/answers/data-rights.ts';
import { closedPatient } from '../mock/answers/records.ts';
import { seriesId } from '../mock/answers/series.ts';
import { type Webhook, webhooks } from '../mock/answers/webhooks.ts';
import { child, patients, people, practitioners, teenager } from '../mock/people.ts';
import { waitingList } from '../mock/waiting-list.ts';

/** A place of the portal, and who goes there; nobody for one who is not signed in. */
export interface Place {
  name: string;
  path: string;
  as?: string;
  /** What is said there is the same on every day, and kept as reviewed text. */
  isSteady?: boolean;
}

const alice = `/patients/${patients[0]?.id}`;
const [bernard] = practitioners;
/** A day on which the practice receives. */
const day = [...appointments.values()].map(({ start }) => start.slice(0, 10)).sort()[0];
const booked = [...appointments.values()].find(
  ({ patientId, status }) => patientId === patients[0]?.id && status === 'booked',
);
const waits = [...waitingList.values()].find(({ patientId }) => patientId === patients[0]?.id);

const [laboratory, accountant] = [...webhooks.values()].map(({ webhook }) => webhook) as [Webhook, Webhook];

/** Every page; a new page is added here. */
export const places: readonly Place[] = [
  { name: 'entrance', path: '/', isSteady: true },
  { name: 'register', path: '/register', isSteady: true },
  { name: 'invitation', path: '/invitation', isSteady: true },
  { name: 'another password', path: '/password', isSteady: true },
  { name: 'appointments', path: `${alice}/appointments`, as: 'alice' },
  { name: 'find a practitioner', path: `${alice}/book`, as: 'alice', isSteady: true },
  {
    name: 'choose a time',
    path: `${alice}/book/${bernard?.id}?type=${bernard?.appointmentTypes[0]?.id}`,
    as: 'alice',
  },
  {
    name: 'book a series',
    path: `${alice}/book/${bernard?.id}/series?type=${bernard?.appointmentTypes[0]?.id}`,
    as: 'alice',
  },
  { name: 'series', path: `/patients/${patients[2]?.id}/series/${seriesId}`, as: 'secretary' },
  { name: 'waiting list', path: `${alice}/waiting`, as: 'alice' },
  { name: 'offer', path: `${alice}/waiting/${waits?.id}`, as: 'alice' },
  { name: 'wait for a time', path: `${alice}/waiting/join/${bernard?.id}`, as: 'alice' },
  { name: 'messages', path: `${alice}/messages`, as: 'alice' },
  { name: 'which messages are wanted', path: `${alice}/messages/wishes`, as: 'alice' },
  { name: 'messages of a child', path: `/patients/${child.id}/messages`, as: 'parent' },
  { name: 'which messages are wanted of a child', path: `/patients/${child.id}/messages/wishes`, as: 'parent' },
  { name: 'messages of a patient, as the desk sees them', path: `${alice}/messages`, as: 'secretary' },
  { name: 'messages of a day', path: '/messages', as: 'secretary' },
  { name: 'messages of a patient, for a desk of one', path: `${alice}/messages`, as: 'secretary.of.one' },
  { name: 'what arrives', path: '/messages/delivery', as: 'secretary' },
  { name: 'what arrives, in a month', path: '/messages/delivery?days=31', as: 'admin' },
  { name: 'addresses of no use to messages', path: '/messages/unreachable', as: 'secretary' },
  { name: 'when messages leave', path: '/messages/policies', as: 'admin' },
  { name: 'when messages leave, as a practitioner reads it', path: '/messages/policies', as: 'dr.bernard' },
  { name: 'what messages say', path: '/messages/templates', as: 'secretary' },
  { name: 'text of a message', path: '/messages/templates/reminder/en', as: 'admin' },
  { name: 'other programs', path: '/messages/webhooks', as: 'admin' },
  { name: 'another program', path: `/messages/webhooks/${laboratory.id}`, as: 'admin' },
  { name: 'another program that wants nothing more', path: `/messages/webhooks/${accountant.id}`, as: 'admin' },
  { name: 'waiting list of the practice', path: '/waiting-list', as: 'secretary' },
  { name: 'hours and absences', path: '/schedules', as: 'secretary' },
  { name: 'hours', path: `/schedules/${bernard?.id}`, as: 'secretary' },
  { name: 'practitioners', path: '/practitioners', as: 'secretary' },
  { name: 'add a practitioner', path: '/practitioners/new', as: 'secretary' },
  { name: 'practitioner', path: `/practitioners/${practitioners[1]?.id}`, as: 'secretary' },
  { name: 'practitioner, as an admin sees them', path: `/practitioners/${practitioners[2]?.id}`, as: 'admin' },
  { name: 'rooms and devices', path: '/resources', as: 'secretary' },
  { name: 'calendars', path: `/calendars/${bernard?.id}`, as: 'dr.bernard' },
  { name: 'calendar at google', path: '/calendars/google?state=none&code=none', as: 'dr.bernard' },
  { name: 'take in a patient', path: '/patients/new', as: 'secretary' },
  { name: 'registrations', path: '/registrations', as: 'secretary' },
  { name: 'delegations', path: '/delegations', as: 'dr.bernard' },
  { name: 'delegations of the practice', path: '/delegations', as: 'admin' },
  { name: 'agendas', path: `/agendas?day=${day}`, as: 'secretary' },
  { name: 'waiting room', path: '/waiting-room', as: 'secretary' },
  { name: 'day list', path: `/agendas/print?day=${day}`, as: 'secretary' },
  { name: 'day at a glance', path: `/agendas/glance?day=${day}`, as: 'secretary' },
  { name: 'labels', path: `/patients/${patients[2]?.id}/labels`, as: 'secretary' },
  { name: 'card', path: `/patients/${patients[2]?.id}/labels?what=card`, as: 'secretary' },
  { name: 'proof', path: `${alice}/appointments/${booked?.id}`, as: 'alice' },
  { name: 'today', path: '/today', as: 'dr.bernard' },
  { name: 'chart', path: `${alice}/chart`, as: 'dr.bernard' },
  { name: 'chart of somebody else', path: `/patients/${closedPatient.id}/chart`, as: 'dr.bernard' },
  { name: 'own hours', path: `/schedules/${bernard?.id}`, as: 'dr.bernard' },
  { name: 'my devices', path: `${alice}/devices`, as: 'alice' },
  { name: 'my readings', path: `${alice}/readings`, as: 'alice' },
  { name: 'readings of whom nothing has come', path: `/patients/${child.id}/readings`, as: 'parent' },
  { name: 'devices at the desk', path: `/patients/${patients[2]?.id}/devices`, as: 'secretary' },
  { name: 'readings of a patient', path: `${alice}/readings`, as: 'dr.bernard' },
  { name: 'write a rule for a patient', path: `${alice}/rules/new`, as: 'dr.bernard' },
  { name: 'alerts', path: '/alerts', as: 'dr.bernard' },
  { name: 'alert', path: `/patients/${firstAlert.patientId}/alerts/${firstAlert.id}`, as: 'dr.bernard' },
  { name: 'questions about readings', path: '/alerts/questions', as: 'dr.bernard' },
  { name: 'what is watched', path: '/alert-rules', as: 'dr.bernard' },
  { name: 'write a rule', path: '/alert-rules/new', as: 'dr.bernard' },
  { name: 'rule', path: `/alert-rules/${pulseRule.id}`, as: 'dr.bernard' },
  { name: 'rule, as an admin sees it', path: `/alert-rules/${pulseRule.id}`, as: 'admin' },
  { name: 'watch over readings', path: '/alert-watch', as: 'admin' },
  { name: 'account', path: '/account', as: 'alice' },
  { name: 'record', path: `${alice}/record`, as: 'alice', isSteady: true },
  { name: 'record of a minor', path: `/patients/${teenager.id}/record`, as: 'teenager', isSteady: true },
  { name: 'record with nothing in it', path: `/patients/${child.id}/record`, as: 'parent' },
  { name: 'record closed to a guardian', path: `/patients/${teenager.id}/record`, as: 'parent' },
  { name: 'record closed to a carer', path: `/patients/${patients[14]?.id}/record`, as: 'parent' },
  { name: 'readers', path: `${alice}/readers`, as: 'alice' },
  { name: 'readers for a minor', path: `/patients/${teenager.id}/readers`, as: 'teenager' },
  { name: 'who looked', path: `${alice}/accesses`, as: 'alice' },
  { name: 'my data', path: `${alice}/data`, as: 'alice' },
  { name: 'family', path: `${alice}/family`, as: 'alice' },
  { name: 'family at the desk', path: `/patients/${patients[2]?.id}/family`, as: 'secretary' },
  { name: 'taken in twice', path: `${alice}/duplicates`, as: 'secretary' },
  { name: 'unusual accesses', path: '/unusual-accesses', as: 'admin' },
  { name: 'audit', path: '/audit', as: 'admin' },
  { name: 'emergencies', path: '/emergencies', as: 'admin' },
  { name: 'users', path: '/users', as: 'admin' },
  { name: 'invite somebody', path: '/users/new', as: 'admin' },
  { name: 'user', path: `/users/${people[2]?.id}`, as: 'admin' },
  { name: 'imports', path: '/imports', as: 'admin' },
  { name: 'dead letters', path: '/dead-letters', as: 'admin' },
  { name: 'settings', path: '/settings', as: 'admin' },
  { name: 'system', path: '/system', as: 'admin' },
  { name: 'erasures', path: '/erasures', as: 'admin' },
  { name: 'receipt of an erasure', path: `/patients/${erasedPatientId}/erasure`, as: 'admin' },
  { name: 'erase', path: `${alice}/erasure`, as: 'admin' },
  { name: 'details', path: `${alice}/details`, as: 'alice', isSteady: true },
  { name: 'nothing here', path: '/nothing-here', as: 'alice' },
];

/** Pages that are not looked at: one that is asked for from another, and that of makers. */
export const unseen: readonly string[] = ['appointments/$appointmentId/move', '/style'];

/** Goes there on the mock, as who goes there. */
export async function goTo(page: Page, { path, as }: Place): Promise<void> {
  pendingOf(page);
  await page.goto(path);
  await atRest(page);
  const isStranger = await page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).isVisible();
  if (!as || !isStranger) return;
  await become(page, as);
  await page.goto(path);
  await atRest(page);
}

/** Whoever is chosen on the mock's page is signed in at this browser. */
export async function become(page: Page, name: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).click();
  await page.getByRole('link', { name: `${name}@cabinet.test` }).click();
  await page.waitForURL(({ pathname }) => !pathname.startsWith('/api/') && pathname !== '/signed-in');
}

const [quietTimes, quietMs] = [4, 50];
const pendingRequests = new WeakMap<Page, Set<Request>>();

/** What tells of changes, and never ends. */
export const isFollowing = (url: string): boolean => /\/(?:agendas|live)\/changes/.test(url);

/** What a page has asked for and not been told yet, but for the stream of changes, which never ends. */
function pendingOf(page: Page): Set<Request> {
  const known = pendingRequests.get(page);
  if (known) return known;
  const pending = new Set<Request>();
  pendingRequests.set(page, pending);
  page.on('request', (request) => !isFollowing(request.url()) && pending.add(request));
  for (const event of ['requestfinished', 'requestfailed'] as const)
    page.on(event as 'requestfinished', (request) => pending.delete(request));
  return pending;
}

/** When nothing is loading any more. */
export async function atRest(page: Page): Promise<void> {
  await page.locator('main').first().waitFor();
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  const pending = pendingOf(page);
  // A page asks for more with what it has been told.
  for (let quiet = 0; quiet < quietTimes; quiet = pending.size > 0 ? 0 : quiet + 1) await page.waitForTimeout(quietMs);
}
