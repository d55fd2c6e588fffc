import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { buildPatient, startService } from './support.ts';

it('finds and mends those whom the release before has stored', async () => {
  const before = await startService();
  const register = async (details: object) => {
    const secretary = await before.as({ roles: ['secretary'] });
    return (await secretary('POST', '/api/patients', buildPatient(details))).body.id;
  };
  const telecom = [{ system: 'phone', value: '0508 41 12 34', use: 'home' }];
  const id = await register({ familyName: "O'Brien", telecom });
  const address = { line: [], postalCode: 'SW1A 1AA', city: 'London', country: 'GB' };
  const abroad = await register({ address });
  // As it stored them.
  await before.sql.query(
    `update patient set search_text = ' o brien', telecom = '[{"system":"phone","value":"+33508411234","use":"home"}]' where id = $1`,
    [id],
  );
  await before.sql.query(`update patient set address = jsonb_set(address, '{country}', '"UK"') where id = $1`, [
    abroad,
  ]);
  await before.sql.query('drop index patient_by_contact');
  await before.sql.query('drop function contact_values');
  await before.sql.query(`delete from mikro_orm_migrations where name like '004-%'`);
  await before.stop();

  const after = await startService({ databaseUrl: before.databaseUrl });
  try {
    const secretary = await after.as({ roles: ['secretary'] });
    const found = await secretary('GET', '/api/patients?q=obrien');
    expect(found.body.items).toMatchObject([{ id, telecom: [{ system: 'phone', value: '+508411234', use: 'home' }] }]);
    const calling = await secretary('POST', '/api/patients/search', { phone: '05 08 41 12 34' });
    expect(calling.body.items).toMatchObject([{ id }]);
    expect((await secretary('GET', `/api/patients/${abroad}`)).body.address.country).toBe('GB');
  } finally {
    await after.stop();
  }
});

it('makes one of several unusual accesses of a day and patient that wait for a verdict, and loses none', async () => {
  const before = await startService();
  await before.sql.query(`
    drop index unusual_access_open;
    alter table unusual_access drop column version;
    alter table security_label drop column removed_at, drop column removed_by, add primary key (patient_id, code);
    drop index security_label_patient;
    alter table access_watch drop column hash;
    drop table colleague;
    delete from mikro_orm_migrations where name like '010-%'`);
  const [patientId, other] = [randomUUID(), randomUUID()];
  const found = (patient: string, reason: string, verdict: string | null = null) =>
    before.sql.query(
      `insert into unusual_access (id, actor, patient_id, day, reasons, is_sampled, lines, first_at, last_at, due_at, verdict)
       values ($1, 'somebody', $2, '2026-11-20', $3, false, $4, now(), now(), now(), $5)`,
      [randomUUID(), patient, JSON.stringify([reason]), JSON.stringify([{ at: reason }]), verdict],
    );
  await found(patientId, 'same-name');
  await found(patientId, 'outside-hours');
  await found(patientId, 'same-name', '{"finding":"justified"}');
  await found(other, 'same-name');
  await before.stop();

  const after = await startService({ databaseUrl: before.databaseUrl });
  try {
    const { rows } = await after.sql.query(
      `select patient_id as "patientId", reasons, is_sampled as "isSampled", jsonb_array_length(lines) as lines
       from unusual_access where verdict is null order by is_sampled desc`,
    );
    expect(rows).toEqual([
      { patientId, reasons: ['outside-hours', 'same-name'], isSampled: true, lines: 2 },
      { patientId: other, reasons: ['same-name'], isSampled: false, lines: 1 },
    ]);
    expect((await after.sql.query('select from unusual_access')).rows).toHaveLength(3);
  } finally {
    await after.stop();
  }
});
