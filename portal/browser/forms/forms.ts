import type { Page } from 'playwright-core';
import { appointments } from '../../mock/agenda.ts';
import { patients, people, practitioners } from '../../mock/people.ts';
import { type Form, fieldOf, within } from './form.ts';
import { ofHome } from './of-home.ts';

const alice = `/patients/${patients[0]?.id}`;
const [bernard] = practitioners;
const button = (page: Page, name: string | RegExp) =>
  within(page)
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first();
const presses =
  (...names: (string | RegExp)[]) =>
  async (page: Page) => {
    for (const name of names) await button(page, name).click();
  };
const unfolds = (words: string) => (page: Page) => within(page).locator('summary', { hasText: words }).first().click();

/** A date in some days, YYYY-MM-DD. */
const dateIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** A day to come on which the practice receives. */
const day = [...appointments.values()]
  .map(({ start }) => start.slice(0, 10))
  .sort()
  .at(-1);
const freeTime = /minutes, with /;

let made = 0;
/** Another word each time: what was sent once may be refused the second time, as being there already. */
const another = (): string => {
  made += 1;
  return [...String(made)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
};

/** Of whom the form is that is filled in next; who was erased once is there no more. */
let erased = 0;

/** A form as it is filled in now: with another word each time where the same may not be there twice. */
type Made = Form | (() => Form);

const ofPatients: Made[] = [
  {
    ...{ name: 'patient-change', as: 'alice', at: `${alice}/details` },
    ...{ types: { Telephone: '+33611223344', Town: 'Villeurbanne' }, sends: 'Save' },
    operation: 'PATCH /api/patients/{id}',
  },
  {
    ...{ name: 'appointment-cancel', as: 'alice', at: `${alice}/appointments`, isDelayed: true },
    async opens(page) {
      await page.locator('main').getByRole('listitem').getByRole('link').first().click();
      await button(page, 'Cancel the appointment').click();
    },
    ...{ types: { 'Why?': 'My child is ill' }, sends: 'Cancel the appointment' },
    operation: 'POST /api/appointments/{id}/cancel',
  },
  {
    ...{ name: 'related-person-add', as: 'alice', at: `${alice}/family` },
    ...{ types: { 'Their number': patients[25]?.id as string, 'Last day': dateIn(90) }, sends: 'Let them act' },
    ...{ operation: 'POST /api/patients/{id}/related-persons', sent: [patients[25]?.id as string] },
  },
  {
    ...{ name: 'related-person-change', as: 'alice', at: `${alice}/family`, opens: presses(/^Change: /) },
    ...{ ticks: ['address and telephone'], sends: 'Save', sent: ['details'] },
    operation: 'PATCH /api/patients/{id}/related-persons/{relatedPersonId}',
  },
  {
    ...{ name: 'grant-give', as: 'alice', at: `${alice}/readers` },
    types: {
      Practitioner: `${practitioners[5]?.givenNames[0]} ${practitioners[5]?.familyName}`,
      'Last day': dateIn(60),
    },
    ...{ sends: 'Let them in', sent: [practitioners[5]?.id as string] },
    operation: 'POST /api/records/{patientId}/grants',
  },
  () => ({
    ...{ name: 'waiting-join', as: 'alice' },
    at: `${alice}/waiting/join/${practitioners[1 + ((another().length + made) % 7)]?.id}`,
    ...{ types: { 'Why you come (you need not say)': 'A cough' }, sends: 'Wait for a time' },
    operation: 'POST /api/waiting-list',
  }),
  {
    ...{ name: 'series-book', as: 'alice' },
    at: `${alice}/book/${bernard?.id}/series?type=${bernard?.appointmentTypes[0]?.id}`,
    async opens(page) {
      // Chosen before: it is a draft.
      const [free, chosen] = [button(page, freeTime), button(page, 'Choose another time')];
      await free.or(chosen).first().waitFor();
      if (!(await chosen.isVisible())) await free.click();
      if (!(await fieldOf(page, 'Why you come').isVisible())) await unfolds('Say why you come')(page);
    },
    ...{ types: { 'Why you come': 'A course of treatment' }, sends: /^Book \d+ appointments?$/ },
    operation: 'POST /api/appointments/series',
  },
  {
    ...{ name: 'message-wishes-set', as: 'alice', at: `${alice}/messages/wishes` },
    ...{ types: { 'Language of messages': 'English' }, sends: 'Save', sent: ['"language":"en"'] },
    operation: 'PUT /api/notification-preferences/{patientId}',
  },
  {
    ...{ name: 'password-change', as: 'alice', at: '/account' },
    types: { 'Your password now': 'what it was until now', 'New password': 'an old grey mare likes oats' },
    secrets: ['Your password now', 'New password'],
    ...{ sends: 'Change the password', operation: 'POST /api/auth/password' },
  },
  {
    ...{ name: 'codes-app', as: 'alice', at: '/account' },
    async opens(page) {
      // Set up before: then there is an end of it first.
      const setUp = page.getByRole('button', { name: 'Set up an app' });
      await setUp
        .or(page.getByRole('button', { name: 'Turn off' }))
        .first()
        .waitFor();
      if (!(await setUp.isVisible())) await presses('Turn off', 'Turn off')(page);
      await setUp.click();
    },
    types: { 'Type the six digits that the app shows': '123456' },
    secrets: ['Type the six digits that the app shows'],
    ...{ sends: 'Turn on', operation: 'POST /api/auth/second-factors/totp/confirm' },
  },
];

const ofDesks: Made[] = [
  () => ({
    ...{ name: 'resource-add', as: 'secretary', at: '/resources' },
    ...{ types: { Name: `Salle ${another()}` }, sends: 'Add', operation: 'POST /api/resources' },
  }),
  () => ({
    ...{ name: 'resource-change', as: 'secretary', at: '/resources', opens: presses(/^Change: /) },
    ...{ types: { Name: `Salle ${another()}` }, sends: 'Save', operation: 'PUT /api/resources/{id}' },
  }),
  () => ({
    ...{ name: 'practitioner-register', as: 'secretary', at: '/practitioners/new' },
    types: { 'Family name': `Neuve${another()}`, 'Given names': 'Aline', Telephone: '+33155667788' },
    ...{ sends: 'Add them', operation: 'POST /api/practitioners' },
  }),
  () => ({
    ...{ name: 'practitioner-change', as: 'secretary', at: `/practitioners/${practitioners[1]?.id}` },
    types: { Specialities: `Dermatology; ${another()}` },
    ...{ sends: 'Save', sent: ['Dermatology'], operation: 'PATCH /api/practitioners/{id}' },
  }),
  () => ({
    ...{ name: 'patient-register', as: 'secretary', at: '/patients/new' },
    types: { 'Family name': `Neuve${another()}`, 'Given names': 'Zoé', Born: '2001-02-03', Telephone: '+33644556677' },
    ...{ sends: 'Take in', operation: 'POST /api/patients' },
  }),
  () => ({
    ...{ name: 'hours-change', as: 'secretary', at: `/schedules/${bernard?.id}` },
    types: { From: `07:${10 + ((another().length + made) % 40)}` },
    ...{ sends: 'Save the hours', operation: 'PUT /api/schedules/{practitionerId}' },
  }),
  () => ({
    ...{ name: 'booking-rules-set', as: 'admin', at: '/settings' },
    async opens(page) {
      await unfolds(bernard?.familyName as string)(page);
      await button(page, /^Change how /).click();
    },
    types: { 'Kept free after it (minutes)': String(10 + ((another().length + made) % 200)) },
    ...{ sends: 'Save', operation: 'PUT /api/schedules/{practitionerId}' },
  }),
  () => ({
    ...{ name: 'absence-plan', as: 'secretary', at: `/schedules/${practitioners[2]?.id}` },
    types: {
      'First day': dateIn(40 + another().length + made),
      'Why, for patients whose appointment is cancelled': 'A training',
    },
    async also(page) {
      const preview = page.getByRole('button', { name: 'Show what becomes of the appointments' });
      if (await preview.isVisible()) await preview.click();
      await page.getByRole('button', { name: 'Do exactly this' }).waitFor();
    },
    ...{ sends: 'Do exactly this', operation: 'POST /api/schedules/{practitionerId}/absences' },
  }),
  {
    ...{ name: 'appointment-move-to', as: 'secretary', at: `/agendas?day=${day}` },
    async opens(page) {
      await page.locator('[data-appointment]').first().focus();
      for (const key of ['m', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
      await fieldOf(page, 'Why it has to be then').waitFor();
    },
    types: { 'Why it has to be then': 'The room is free then' },
    ...{ sends: 'Move it all the same', operation: 'POST /api/appointments/{id}/move', isDelayed: true },
  },
  {
    ...{ name: 'appointment-book', as: 'secretary', at: `/agendas?day=${day}` },
    async opens(page) {
      const { givenNames = [], familyName = '' } = patients[22] ?? {};
      await button(page, /^Book with /).click();
      // Chosen before: it is a draft.
      const chosen = button(page, 'Somebody else');
      const find = fieldOf(page, 'Patient');
      await chosen.or(find).waitFor();
      if (await find.isVisible()) {
        await find.fill(`${givenNames[0]} ${familyName}`);
        await button(page, new RegExp(familyName)).click();
      }
      // What is asked about is chosen in the agenda, and no draft.
      await fieldOf(page, '^Time on').fill('06:45');
      await fieldOf(page, 'Why it has to be then').waitFor();
    },
    types: { 'Why it has to be then': 'They travel tonight' },
    ...{ sends: 'Book it all the same', sent: ['They travel tonight'], operation: 'POST /api/appointments' },
  },
];

const ofMessages: Made[] = [
  () => ({
    ...{ name: 'webhook-add', as: 'admin', at: '/messages/webhooks', ticks: ['An appointment was booked'] },
    types: {
      'What it is called here': `Laboratory ${another()}`,
      'Address that is told': 'https://hooks.lab.example/new',
    },
    ...{ sends: 'Begin to tell it', operation: 'POST /api/webhooks' },
    // It has no key: whoever sends it again tells it twice, and is told to look first.
    says: { offline: /No answer came.*look first whether it stands above/s },
  }),
  () => ({
    ...{ name: 'message-policy-set', as: 'admin', at: '/messages/policies' },
    types: { 'Messages to one person in a day, at most': String(100 + ((another().length + made) % 800)) },
    ...{ sends: 'Save', operation: 'PUT /api/notification-policies/current' },
  }),
  () => ({
    ...{ name: 'message-template-set', as: 'secretary', at: '/messages/templates/call-us/en' },
    types: { Subject: `Please call us ${another()} – {{practice}}`, 'Text of the mail': `{{practice}}: ${another()}` },
    ...{ sends: 'Save', operation: 'PUT /api/notification-templates/{name}/{language}' },
  }),
];

const chart = `/patients/${patients[46]?.id}/chart`;

const ofPractitioners: Made[] = [
  ...(
    [
      ['allergy', 'allergies', { Substance: 'Penicillin', Remark: 'As a child' }],
      ['condition', 'conditions', { Condition: 'Migraine', Remark: 'Since school' }],
    ] as const
  ).map(
    ([what, list, types]): Form => ({
      ...{ name: `entry-add: ${what}`, as: 'dr.bernard', at: chart },
      opens: presses(what === 'allergy' ? 'Record an allergy' : 'Record a condition'),
      ...{ types, sends: 'Put into the record', operation: `POST /api/records/{patientId}/${list}` },
    }),
  ),
  {
    ...{ name: 'entry-add: encounter', as: 'dr.bernard', at: chart, opens: presses('Record an encounter') },
    ...{ types: { Why: 'Fell from a ladder' }, sends: 'Put into the record' },
    operation: 'POST /api/records/{patientId}/encounters',
  },
  () => ({
    ...{ name: 'entry-change', as: 'dr.bernard', at: `${alice}/chart`, opens: presses(/^Change: /) },
    types: { Remark: `Seen again, ${another()}`, 'Why it is changed': 'Follow-up' },
    ...{ sends: 'Change', operation: 'PUT /api/records/{patientId}/conditions/{entryId}' },
  }),
  {
    ...{ name: 'note-add', as: 'dr.bernard', at: chart, types: { 'New note': 'Walks without pain.' } },
    ...{ sends: 'Put into the record', operation: 'POST /api/records/{patientId}/notes' },
  },
  () => ({
    ...{ name: 'note-amend', as: 'dr.bernard', at: `${alice}/chart`, opens: presses(/^Amend the note of/) },
    types: { 'What it is to say': `Sleeps well again, ${another()}.`, 'Why it is amended': 'Follow-up' },
    ...{ sends: 'Amend', operation: 'PUT /api/records/{patientId}/notes/{entryId}' },
  }),
  {
    ...{ name: 'no-allergies-withdraw', as: 'dr.bernard', at: `/patients/${patients[47]?.id}/chart` },
    async opens(page) {
      const [asked, withdraw] = [button(page, /^I asked: none/), button(page, 'Withdraw that none is known')];
      await asked.or(withdraw).first().waitFor();
      if (!(await withdraw.isVisible())) await asked.click();
      await withdraw.click();
    },
    ...{ types: { 'Why?': 'They remembered one' }, sends: 'Withdraw it' },
    operation: 'POST /api/records/{patientId}/allergies/no-known/withdraw',
    isGoneWhenDone: true,
  },
  {
    ...{ name: 'emergency-open', as: 'dr.bernard', at: `/patients/${patients[48]?.id}/chart` },
    async opens(page) {
      const closed = { operation: 'GET /api/records/{patientId}', answers: '403' };
      await page.request.post('/mock/faults', { form: closed, maxRedirects: 0 });
      await page.reload();
      await button(page, 'Open the record').waitFor();
      await page.request.post('/mock/clear', { maxRedirects: 0 });
    },
    ...{ types: { 'Why, of this patient': 'Found unconscious in the street' }, sends: 'Open the record' },
    operation: 'POST /api/records/{patientId}/emergency-access',
  },
  () => ({
    ...{ name: 'delegation-give', as: 'dr.bernard', at: '/delegations' },
    types: { 'Who?': 'two-hats@', 'Last day': dateIn(30 + another().length) },
    ...{ sends: 'Delegate', sent: ['agenda'], operation: 'POST /api/auth/delegations' },
  }),
  () => ({
    ...{
      name: 'calendar-connect',
      as: 'dr.bernard',
      at: `/calendars/${bernard?.id}`,
      ticks: ['A private address (ICS)'],
    },
    types: { 'Private address': 'https://roster.example/all.ics', 'Name of the calendar here': `Roster ${another()}` },
    ...{ secrets: ['Private address'], sends: 'Connect this calendar', operation: 'POST /api/calendars' },
  }),
  () => ({
    ...{ name: 'calendar-change', as: 'dr.bernard', at: `/calendars/${bernard?.id}`, opens: presses(/^Settings: /) },
    types: { 'Name of the calendar here': `Work ${another()}` },
    ...{ sends: 'Save', operation: 'PUT /api/calendars/{id}' },
  }),
  {
    ...{
      name: 'calendar-reconnect',
      as: 'dr.bernard',
      at: `/calendars/${bernard?.id}`,
      opens: presses(/^New address: /),
    },
    ...{ types: { 'Private address': 'https://roster.example/mine.ics' }, secrets: ['Private address'] },
    ...{ sends: 'Try it and keep it', operation: 'PUT /api/calendars/{id}/access' },
  },
];

const csv = () => `familyName,givenNames,birthDate\nNeuve${another()},Aline,1990-01-02\n`;

const ofAdmins: Made[] = [
  {
    ...{ name: 'delegation-rule-set', as: 'admin', at: '/delegations', sends: 'Save', sent: ['secretariesWorkFor'] },
    opens: (page) => page.locator('main form [type=radio]:not(:checked)').first().click(),
    operation: 'PUT /api/auth/delegation-rule',
    isGoneWhenDone: true,
  },
  {
    ...{ name: 'user-change', as: 'admin', at: `/users/${people[2]?.id}`, ticks: ['Secretary'], sends: 'Save' },
    ...{ sent: ['roles'], operation: 'PATCH /api/auth/users/{id}' },
  },
  () => ({
    ...{ name: 'user-invite', as: 'admin', at: '/users/new', ticks: ['Secretary'], sends: 'Invite' },
    ...{ types: { 'E-mail address': `neuve-${another()}@example.org` }, operation: 'POST /api/auth/invitations' },
    // It has no key: whoever sends it again invites twice, and is told to look first.
    says: { offline: /No answer came.*they get two codes/s },
  }),
  {
    ...{ name: 'file-import', as: 'admin', at: '/imports', sends: 'Try it out', sent: ['Aline'] },
    async also(page) {
      const file = page.getByLabel('CSV file');
      if (await file.evaluate((element) => (element as HTMLInputElement).files?.length)) return;
      await file.setInputFiles({ name: 'patients.csv', mimeType: 'text/csv', buffer: Buffer.from(csv()) });
    },
    operation: 'POST /api/patients/import',
  },
  () => {
    erased += 1;
    const patient = patients[30 + (erased % 15)];
    const label = 'Type the family name, to be sure whom you erase';
    return {
      ...{ name: 'patient-erase', as: 'admin', at: `/patients/${patient?.id}/erasure`, sent: [] },
      ...{ types: { [label]: patient?.familyName as string }, secrets: [label] },
      ...{ sends: 'Erase for good', operation: 'POST /api/patients/{id}/erase' },
    };
  },
  {
    ...{ name: 'access-judge', as: 'admin', at: '/emergencies' },
    ...{ types: { 'What you found': 'Read the record, and asked both.' }, sends: 'It was justified' },
    operation: 'POST /api/records/{patientId}/emergency-accesses/{accessId}/verdict',
  },
];

const all = [...ofPatients, ...ofDesks, ...ofMessages, ...ofPractitioners, ...ofAdmins, ...ofHome];

/** Each form, and how it is made anew to be filled in. */
export const forms = all.map((form) => {
  const make = typeof form === 'function' ? form : () => form;
  return { name: make().name, make };
});

/** Forms of which nothing is sent by who is signed in. */
export const others: Readonly<Record<string, string>> = {
  'code-redeem': 'nobody is signed in there',
  'registration-begin': 'nobody is signed in there',
  'audit-filter': 'what is searched changes nothing, and stands in its fields alone',
  'time-explain': 'what is asked there changes nothing',
  'message-policy-try': 'what is asked there changes nothing',
  'time-refused': 'stands in those that book and move, and is sent by them',
  'erasure-ask': 'a letter that is printed, and sent to nobody from here',
  'passkeys-keep': 'the browser asks for the passkey itself, in a window of its own',
};
