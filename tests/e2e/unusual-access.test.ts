import { beforeAll, expect, it } from 'vitest';
import { type Answer, type Caller, until } from '../support/http.ts';
import { addPractitioner, registerPatient, signedInAs, signedInAsNew } from '../support/practice.ts';

let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  [secretary, admin] = (await Promise.all(['secretary', 'admin'].map(signedInAs))) as [Caller, Caller];
});

interface Found {
  id: string;
  version: number;
  patientId?: string;
  practitionerId?: string;
  reasons: { code: string }[];
  lines: { service: string }[];
}

/** All that wait for a verdict by the reviewer. */
async function unreviewed(by: Caller): Promise<Found[]> {
  const items: Found[] = [];
  let cursor = '';
  do {
    const { status, body } = await by('GET', `/api/patients/unusual-accesses?unreviewed=true&limit=200${cursor}`);
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
  } while (cursor);
  return items;
}

it('finds in the trails of all services who looked at a colleague, and has somebody else judge it', async () => {
  const { practitionerId } = await addPractitioner(admin);
  const { id: patientId } = await registerPatient(secretary);
  // Who works here, and is a patient of the practice too.
  await signedInAsNew(admin, { roles: ['secretary', 'patient'], patientId });
  const curious = await signedInAsNew(admin, { roles: ['practitioner', 'admin'], practitionerId });
  const words = { reasonCode: 'urgent-symptoms', words: 'Found unconscious in the waiting room' };
  await until(async () => (await curious('POST', `/api/records/${patientId}/emergency-access`, words)).status === 201);
  expect((await curious('GET', `/api/records/${patientId}`)).status).toBe(200);
  expect((await curious('GET', `/api/patients/${patientId}`)).status).toBe(200);
  const theirs = async () => (await unreviewed(admin)).filter((each) => each.practitionerId === practitionerId);
  // Those of the record are told by its own sidecar.
  const services = async () => (await theirs()).flatMap(({ lines }) => lines.map(({ service }) => service));
  // A service that has only just started tells from its first word on: what is older is left alone.
  const bothTold = async () => {
    await curious('GET', `/api/records/${patientId}`);
    const [first] = await theirs();
    // At night a look is unusual already before it is known that the patient works here.
    const isColleague = first?.reasons.some(({ code }) => code === 'colleague');
    return isColleague === true && new Set(await services()).size === 2;
  };
  await until(bothTold, 120_000, 2_000);

  const [found, ...others] = await theirs();
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    patientId,
    reasons: expect.arrayContaining([expect.objectContaining({ code: 'colleague' })]),
  });
  // Whoever looked neither sees nor judges it.
  expect((await unreviewed(curious)).map(({ id }) => id)).not.toContain(found?.id);
  const judging = `/api/patients/unusual-accesses/${found?.id}/verdict`;
  const verdict = { finding: 'not-justified', words: 'Nobody was ill, and nobody was asked' };
  const judgedBy = async (by: Caller) => {
    // As whoever judges has read it.
    const read = (await theirs()).find(({ id }) => id === found?.id);
    return by('POST', judging, verdict, { 'if-match': `"v${read?.version}"` });
  };
  expect((await judgedBy(curious)).body.code).toBe('PATIENT.OWN_ACCESS');
  expect((await judgedBy(secretary)).status).toBe(403);
  let judged: Answer | undefined;
  // More may be told between reading and judging.
  await until(async () => {
    judged = await judgedBy(admin);
    return judged.status !== 412;
  });
  expect(judged?.body).toMatchObject({ verdict });
  expect((await theirs()).map(({ id }) => id)).not.toContain(found?.id);
}, 240_000);
