import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

describe('POST /api/appointments/import', () => {
  it('books good lines, returns bad ones with the reason, and books nothing twice', async () => {
    const { practitioner } = await buildPractitioner(practice);
    const patientId = randomUUID();
    practice.people.practitioners.set('10100000001', practitioner);
    practice.people.patients.set('199012345678901', { id: patientId, active: true });
    const csv = [
      'patientIns;practitionerRpps;appointmentType;start',
      `199012345678901;10100000001;Consultation;${monday('09:00')}`,
      `199012345678901;10100000001;Consultation;2026-11-02T09:00:00+01:00`,
      `199012345678901;10100000001;Massage;${monday('10:00')}`,
      `199012345678901;10100000009;Consultation;${monday('10:00')}`,
      `;10100000001;Consultation;${monday('13:00')}`,
    ].join('\r\n');
    const admin = await practice.as({ roles: ['admin'] });
    const send = (path: string, body = csv) => admin('POST', path, body, { 'content-type': 'text/csv' });
    const count = async () =>
      (await practice.sql.query('select from appointment where practitioner_id = $1', [practitioner.id])).rowCount;

    expect((await send('/api/appointments/import?dryRun=true')).body.lines).toEqual({
      total: 5,
      created: 2,
      unchanged: 0,
      refused: 3,
    });
    expect(await count()).toBe(0);
    const report = await send('/api/appointments/import');
    expect(report.body.lines).toEqual({ total: 5, created: 2, unchanged: 0, refused: 3 });
    expect(report.body.refused).toMatchObject([
      { line: 4, field: 'appointmentType', code: 'APPOINTMENT.TYPE_UNKNOWN' },
      { line: 5, field: 'practitionerRpps', code: 'APPOINTMENT.PRACTITIONER_UNKNOWN' },
      { line: 6, field: 'patientIns', code: 'REQUIRED' },
      { line: 6, field: 'start', code: 'APPOINTMENT.OUTSIDE_WORKING_HOURS' },
    ]);
    expect(await count()).toBe(2);
    const again = await send('/api/appointments/import');
    expect(again.body.lines).toEqual({ total: 5, created: 0, unchanged: 2, refused: 3 });
    const corrected = await send('/api/appointments/import', report.body.refusedCsv.replace('Massage', 'Consultation'));
    expect(corrected.body.lines).toEqual({ total: 3, created: 1, unchanged: 0, refused: 2 });
    expect(await count()).toBe(3);
  });

  it('notes with what it stores whose visits these are, each of them once however many parts the file has', async () => {
    const { practitioner } = await buildPractitioner(practice);
    practice.people.practitioners.set('10100000025', practitioner);
    const patients = Array.from({ length: 700 }, (_, nth) => ({ ins: String(2e14 + nth), id: randomUUID() }));
    for (const { ins, id } of patients) practice.people.patients.set(ins, { id, active: true });
    const weekdays = Array.from({ length: 82 }, (_, nth) => new Date(Date.UTC(2027, 0, 4 + nth)))
      .filter((date) => date.getUTCDay() % 6 !== 0)
      .map((date) => date.toISOString().slice(0, 10));
    const times = ['09', '10', '11', '14', '15', '16'].flatMap((hour) => [`${hour}:00`, `${hour}:30`]);
    const starts = weekdays.flatMap((date) => times.map((time) => `${date}T${time}:00+01:00`));
    const lines = patients.map(({ ins }, nth) => `${ins};10100000025;Consultation;${starts[nth]}`);
    const csv = ['patientIns;practitionerRpps;appointmentType;start', ...lines].join('\n');
    const admin = await practice.as({ roles: ['admin'] });
    await whileHolding(practice.sql, ['lock table audit_event in exclusive mode'], async (letGo) => {
      const answer = admin('POST', '/api/appointments/import', csv, { 'content-type': 'text/csv' });
      const noted = async (): Promise<string[]> =>
        (await practice.sql.query('select event from audit_note')).rows.flatMap(({ event }) => event.subjects);
      await until(async () => (await noted()).length >= patients.length);
      expect((await noted()).sort()).toEqual(patients.map(({ id }) => id).sort());
      await letGo();
      expect((await answer).body.lines.created).toBe(patients.length);
      expect(await noted()).toEqual([]);
    });
  });

  it('takes an INS of which the file names no system for one of the mode', async () => {
    const production = await startPractice(undefined, {
      settings: { CABINET_MODE: 'production', CALENDAR_POLL_SECONDS: 86_400 },
    });
    try {
      const asked: string[] = [];
      for (const each of [production, practice]) {
        const { practitioner } = await buildPractitioner(each);
        each.people.practitioners.set('10100000001', practitioner);
        const answers = each.people.patientsByIdentifier.bind(each.people);
        each.people.patientsByIdentifier = (identifiers) => {
          asked.push(...identifiers.map(({ system }) => system));
          return answers(identifiers);
        };
        const admin = await each.as({ roles: ['admin'] });
        const csv = `patientIns,practitionerRpps,appointmentType,start\n199012345678901,10100000001,Consultation,${monday('09:00')}`;
        await admin('POST', '/api/appointments/import', csv, { 'content-type': 'text/csv' });
      }
      expect(asked).toEqual(['urn:oid:1.2.250.1.213.1.4.8', 'urn:oid:1.2.250.1.213.1.4.10']);
    } finally {
      await production.stop();
    }
  });

  it('refuses the lines with what can be no identifier or number, all faults of each at once, and books the others', async () => {
    const { practitioner } = await buildPractitioner(practice);
    const [rpps, ins] = ['10100000017', '199012345678917'];
    practice.people.practitioners.set(rpps, practitioner);
    practice.people.patients.set(ins, { id: randomUUID(), active: true });
    const lines = [
      `${ins};1010 0000\u00a0017;Consultation;${monday('09:00')}`,
      `${ins};1010000001;Consultation;${monday('09:30')}`,
      `${ins};1010000001A;Massage;tomorrow`,
      `${'1'.repeat(101)};${rpps};Consultation;${monday('10:00')}`,
      `!;${rpps};Consultation;${monday('10:00')}`,
      `!2;10100000018;;yesterday`,
      `${ins};${rpps};Consultation;${monday('10:30')}`,
    ];
    const admin = await practice.as({ roles: ['admin'] });
    const csv = ['patientIns;practitionerRpps;appointmentType;start', ...lines].join('\n');
    const { status, body } = await admin('POST', '/api/appointments/import', csv, { 'content-type': 'text/csv' });
    expect([status, body.lines]).toEqual([200, { total: 7, created: 2, unchanged: 0, refused: 5 }]);
    expect(body.refused.map(({ line, field, code }: Record<string, unknown>) => `${line} ${field} ${code}`)).toEqual([
      '3 practitionerRpps NO_RPPS',
      '4 practitionerRpps NO_RPPS',
      '4 start INVALID_TIME',
      '5 patientIns TOO_LONG',
      '6 patientIns INVALID',
      '7 appointmentType REQUIRED',
      '7 patientIns INVALID',
      '7 practitionerRpps APPOINTMENT.PRACTITIONER_UNKNOWN',
      '7 start INVALID_TIME',
    ]);
  });

  it('is for admins only', async () => {
    expect((await secretary('POST', '/api/appointments/import', 'a;b', { 'content-type': 'text/csv' })).status).toBe(
      403,
    );
  });
});
