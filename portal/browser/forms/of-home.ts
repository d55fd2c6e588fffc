import type { Page } from 'playwright-core';
import { draftRules, firstAlert } from '../../mock/alerts.ts';
import { patients, practitioners } from '../../mock/people.ts';
import { type Form, fieldOf, within } from './form.ts';

const alice = `/patients/${patients[0]?.id}`;
const [bernard, colleague] = practitioners;
const nameOf = (who: (typeof practitioners)[number] | undefined) => `${who?.givenNames[0]} ${who?.familyName}`;
const alertAt = `/patients/${firstAlert.patientId}/alerts/${firstAlert.id}`;

const presses = (name: string | RegExp) => (page: Page) =>
  within(page)
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click();

let made = 0;

/** Forms about what is measured at home, and what rings. */
export const ofHome: (Form | (() => Form))[] = [
  () => {
    made += 1;
    return {
      ...{ name: 'device-pair', as: 'alice', at: `${alice}/devices` },
      ...{ types: { 'What it is called': `Watch ${made}`, Model: 'One' }, sends: 'Pair it' },
      operation: 'POST /api/devices',
      // It has no key: whoever sends it again pairs another, and is told to look first.
      says: { offline: /No answer came.*else it is paired twice/s },
    };
  },
  {
    ...{ name: 'reading-accept', as: 'dr.bernard', at: `${alice}/readings` },
    async opens(page) {
      await within(page).locator('summary', { hasText: 'The same as a table' }).click();
      await presses(/^Put into the record: /)(page);
    },
    ...{ types: { 'Note on it': 'Asked by telephone' }, sends: 'Put into the record' },
    operation: 'POST /api/records/{patientId}/observations',
  },
  {
    ...{ name: 'alert-snooze', as: 'dr.bernard', at: alertAt, opens: presses(/^Later: /) },
    ...{ ticks: ['30 minutes'], sends: 'Let it be quiet', sent: ['30'] },
    operation: 'POST /api/alerts/{id}/snooze',
  },
  {
    ...{ name: 'alert-hand-over', as: 'dr.bernard', at: alertAt, opens: presses(/^Hand over: /) },
    ...{ types: { 'To whom?': nameOf(colleague) }, sends: 'Hand it over', sent: [colleague?.id as string] },
    operation: 'POST /api/alerts/{id}/hand-over',
  },
  () => {
    made += 1;
    return {
      ...{ name: 'rule-edit', as: 'dr.bernard', at: '/alert-rules/new', ticks: [nameOf(bernard)] },
      types: {
        'What the rule is called': `Pulse too high ${made}`,
        'Above (/min)': '125',
        'If nobody answers, told at the last': nameOf(colleague),
      },
      ...{ sends: 'Store the rule', sent: ['Pulse too high', '125', colleague?.id as string] },
      operation: 'POST /api/alert-rules',
    };
  },
  () => {
    made += 1;
    return {
      ...{ name: 'gap-retime', as: 'dr.bernard', at: `${alice}/readings`, opens: presses(/^Another delay: /) },
      types: {
        'After so many minutes, for this patient': String(100 + made),
        'Why for this patient': 'Travels without the device',
      },
      ...{ sends: 'Set this time', operation: 'PUT /api/alert-rules/{id}/gap-timings' },
    };
  },
  () => {
    made += 1;
    const why = 'Why it is turned on all the same';
    return {
      // Each time another, for one that watches is not turned on again.
      ...{ name: 'rule-enable', as: 'dr.bernard', at: `/alert-rules/${draftRules[made % draftRules.length]?.id}` },
      async opens(page) {
        const [asks, field] = [
          within(page).getByRole('button', { name: 'Turn it on', exact: true }),
          fieldOf(page, why),
        ];
        await asks.or(field).first().waitFor();
        if (!(await field.isVisible())) await asks.click();
      },
      ...{ types: { [why]: 'Known well, and seen tomorrow' }, sends: 'Sign, and turn it on' },
      ...{ operation: 'POST /api/alert-rules/{id}/enable', isGoneWhenDone: true },
    };
  },
  () => {
    made += 1;
    return {
      ...{ name: 'watch-set', as: 'admin', at: '/alert-watch', sends: 'Save', sent: ['alertsADay'] },
      types: { 'Alerts a day for one practitioner': String(3 + (made % 90)) },
      operation: 'PUT /api/alert-watch',
    };
  },
];
