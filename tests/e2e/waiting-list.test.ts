import { describe, expect, it } from 'vitest';
import { until } from '../support/http.ts';
import { addPractitioner, query, registerPatient, signedInAs } from '../support/practice.ts';

/** One of them is awake at any time: offers are made by day only. */
const zones = ['Europe/Paris', 'Pacific/Noumea', 'America/Martinique'];

function zoneByDay(): string {
  const hourIn = (timeZone: string) =>
    Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(new Date()));
  const zone = zones.find((each) => hourIn(each) >= 8 && hourIn(each) < 20);
  if (!zone) throw new Error('it is night everywhere');
  return zone;
}

describe('the waiting list through the gateway', () => {
  it('offers a slot, which is a visit of the patient once it is accepted and not before', async () => {
    const [secretary, admin] = await Promise.all([signedInAs('secretary'), signedInAs('admin')]);
    const { practitionerId, appointmentTypeId } = await addPractitioner(admin, zoneByDay());
    const { id: patientId } = await registerPatient(secretary);
    const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 10);
    const joined = await secretary('POST', '/api/waiting-list', {
      patientId,
      wants: [{ practitionerId, appointmentTypeId }],
      fromDate: inDays(2),
      untilDate: inDays(9),
    });
    expect([joined.status, joined.body.status]).toEqual([201, 'waitlist']);
    const path = `/api/waiting-list/${joined.body.id}`;
    await until(async () => (await secretary('GET', path)).body.status === 'proposed');
    const { appointmentId } = (await secretary('GET', path)).body.offers[0];

    // What the patient service has heard of it is no visit.
    const heard = async () =>
      (
        await query<{ status: string }>('patient', 'select status from visit where appointment_id = $1', [
          appointmentId,
        ])
      )[0];
    await until(async () => (await heard())?.status === 'proposed');
    const nextVisit = async () => (await secretary('GET', `/api/patients/${patientId}`)).body.nextVisit;
    expect(await nextVisit()).toBeUndefined();

    const accepted = await secretary('POST', `${path}/accept`, undefined, { 'if-match': '*' });
    expect([accepted.status, accepted.body.status]).toEqual([200, 'booked']);
    await until(async () => (await nextVisit())?.appointmentId === appointmentId);
  });
});
