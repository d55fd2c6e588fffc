import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { until } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;

// In Paris it is noon of the twentieth.
const now = '2026-11-20T11:00:00Z';

beforeAll(async () => {
  service = await startService({ now, agesEveryMs: 20 });
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

async function born(birthDate: string): Promise<string> {
  return (await secretary('POST', '/api/patients', buildPatient({ birthDate }))).body.id;
}
/** What was told of ages, of one patient, in order. */
const agesTold = (id: string) =>
  service.published
    .filter(({ type, data }) => type.startsWith('patient.age-') && (data as { patientId: string }).patientId === id)
    .map(({ type, data }) => `${type} ${(data as { age: number }).age}`);
const tellsOf = (id: string, told: string[]) => until(() => agesTold(id).join() === told.join());

/** Once it has been looked since now: somebody registered now, who reaches an age soon, has been told of. */
async function looked(): Promise<void> {
  const today = service.clock.now();
  const birthDate = new Date(Date.UTC(today.getUTCFullYear() - 12, today.getUTCMonth(), today.getUTCDate() + 10));
  const id = await born(birthDate.toISOString().slice(0, 10));
  await until(() => agesTold(id).length === 1);
}

describe('who reaches an age at which rights change', () => {
  it('is told thirty days before and on the day in the zone of the practice, each once', async () => {
    const [soon, later, adult] = [await born('2014-12-20'), await born('2014-12-21'), await born('1990-12-01')];
    await tellsOf(soon, ['patient.age-nearing 12']);
    await looked();
    expect([agesTold(later), agesTold(adult)]).toEqual([[], []]);
    const [event] = service.published.filter(({ type }) => type === 'patient.age-nearing');
    expect(Object.keys(event?.data as object).sort()).toEqual(['age', 'patientId', 'sections', 'version']);

    service.clock.set(new Date('2026-12-19T22:59:59Z'));
    await looked();
    expect([agesTold(soon), agesTold(later)]).toEqual([['patient.age-nearing 12'], ['patient.age-nearing 12']]);
    service.clock.set(new Date('2026-12-19T23:00:00Z'));
    await tellsOf(soon, ['patient.age-nearing 12', 'patient.age-reached 12']);
    await looked();
    expect(agesTold(soon)).toHaveLength(2);
  });

  it('is told after an outage too, once by two processes, and not of who had that age before they came', async () => {
    const [missed, over] = [await born('2009-02-01'), await born('2008-06-30')];
    await tellsOf(over, []);
    await service.replica();
    service.clock.set(new Date('2027-07-01T10:00:00Z'));
    await tellsOf(missed, ['patient.age-reached 18']);
    await looked();
    expect(agesTold(missed)).toHaveLength(1);
    const late = await born('2009-06-01');
    await looked();
    expect([agesTold(late), agesTold(over)]).toEqual([[], []]);
  });

  it('is listed for the practice, with the guardians', async () => {
    const [kid, mother] = [await born('2012-07-15'), await born('1980-01-01')];
    const body = { relatedPatientId: mother, relationship: 'guardian', proof: 'court-decision' };
    await secretary('POST', `/api/patients/${kid}/related-persons`, body);
    const { status, body: list } = await secretary('GET', '/api/patients/ages/ahead');
    expect(status).toBe(200);
    const its = list.items.filter(({ patientId }: { patientId: string }) => patientId === kid);
    const sections = ['record', 'accesses'];
    expect(its).toMatchObject([{ age: 15, day: '2027-07-15', birthDate: '2012-07-15', sections, guardians: [mother] }]);
    const days = list.items.map(({ day }: { day: string }) => day);
    expect(days).toEqual(days.toSorted());
  });
});
