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
