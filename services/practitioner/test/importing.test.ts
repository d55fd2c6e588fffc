import { randomUUID } from 'node:crypto';
import { writeCsv } from '@cabinet/import/csv';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildRpps, type PractitionerService, startService } from './support.ts';

let service: PractitionerService;
let admin: Caller;

beforeAll(async () => {
  service = await startService();
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

const upload = (text: string | Uint8Array, dryRun = false) =>
  admin('POST', `/api/practitioners/import?dryRun=${dryRun}`, text, { 'content-type': 'text/csv' });

const unique = (name: string) => `${name}${randomUUID().replace(/[^a-z]/g, '')}`;
const all = async () => Number((await service.sql.query('select count(*) from practitioner')).rows[0].count);
const named = async (q: string) => (await admin('GET', `/api/practitioners?q=${q}`)).body.items;

const header =
  'familyName;givenNames;rpps;specialities;phone;email;placeName;placeAddressLine;placePostalCode;placeCity;placeZone;appointmentTypes';

describe('POST /api/practitioners/import', () => {
  it('takes the good lines, reports each bad one with line, field and reason, and takes them once corrected', async () => {
    const rpps = buildRpps();
    const [a, b, c] = [unique('Alpha'), unique('Beta'), unique('Gamma')];
    const text = [
      header,
      `${a};Alice|Anne;${rpps};SM54|Ostéopathie;01 99 00 12 34;a@example.org;Cabinet du Marché;3 place;69003;Lyon;;Consultation:20|Suivi: 10`,
      `${b};Paul;123;SM99;;;Cabinet;;1000;;Europe/Lyon;`,
      `${c};Zoé;;;;;;;;;;Consultation`,
    ].join('\r\n');
    const { body } = await upload(text);
    expect(body.lines).toEqual({ total: 3, created: 1, unchanged: 0, refused: 2 });
    expect(body.refused.map(({ line, field, code }: Record<string, unknown>) => `${line} ${field} ${code}`)).toEqual([
      '3 rpps NO_RPPS',
      '3 specialities REQUIRED',
      '3 placeZone NO_ZONE',
      '3 placePostalCode NO_POSTAL_CODE',
      '3 placeCity REQUIRED',
      '4 appointmentTypes NO_TYPE',
    ]);
    const [stored] = await named(a);
    expect(stored).toMatchObject({
      givenNames: ['Alice', 'Anne'],
      rpps,
      specialities: [{ code: 'SM54', display: 'Médecine générale' }, { display: 'Ostéopathie' }],
      telecom: [
        { system: 'phone', value: '+33199001234' },
        { system: 'email', value: 'a@example.org' },
      ],
      places: [{ name: 'Cabinet du Marché', zone: 'Europe/Paris', address: { postalCode: '69003', city: 'Lyon' } }],
      appointmentTypes: [
        { name: 'Consultation', minutes: 20 },
        { name: 'Suivi', minutes: 10 },
      ],
    });
    expect(await service.told(stored.id, 1)).toEqual(['practitioner.joined']);

    const corrected = body.refusedCsv
      .replace(';123;SM99;', ';;SM40;')
      .replace(';1000;;Europe/Lyon;', ';01000;Bourg;Europe/Paris;')
      .replace(';Consultation;', ';Consultation:20;');
    expect((await upload(corrected)).body).toMatchObject({ lines: { created: 2, refused: 0 }, refusedCsv: '' });
  });

  it('reads an RPPS number with spaces of any kind, and names all that is wrong with a line', async () => {
    const [rpps, name] = [buildRpps(), unique('Theta')];
    const spaced = `${rpps.slice(0, 4)}\u00a0${rpps.slice(4, 8)}\u202f${rpps.slice(8)}`;
    const text = `familyName,givenNames,rpps,phone,appointmentTypes\n${name},Alice,${spaced},,\n,Paul,12,x,Consultation|Suivi:3\n`;
    const { body } = await upload(text);
    expect(body.lines).toMatchObject({ created: 1, refused: 1 });
    expect((await named(name))[0].rpps).toBe(rpps);
    expect(body.refused.map(({ field, code }: Record<string, unknown>) => `${field} ${code}`)).toEqual([
      'appointmentTypes NO_TYPE',
      'familyName REQUIRED',
      'rpps NO_RPPS',
      'appointmentTypes NO_LENGTH',
      'phone NO_PHONE_NUMBER',
    ]);
  });

  it('answers any garbage in any column with a report of every line', async () => {
    const columns = header.split(';');
    const good = ['Bernard', 'Alice', '', 'SM54', '', '', 'Cabinet', '', '', '', '', 'Consultation:20'];
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '',
        '|',
        '=1',
        '\ufdfa'.repeat(100),
        '漢'.repeat(2_000),
        'A:5|'.repeat(400),
        'SM1|'.repeat(400),
        '"',
      ),
      fc.constantFrom('1'.repeat(2_000), 'a@b', 'SM54|SM54', 'A:5|a:6', 'Europe/Lyon', '+0', '00', ':', ':5'),
    );
    const line = fc.tuple(fc.nat({ max: good.length - 1 }), garbage).map(([at, cell]) => good.with(at, cell));
    const lines = fc.array(fc.oneof(line, fc.tuple(...good.map(() => garbage))), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(lines, async (rows) => {
        const { status, body } = await upload(writeCsv([columns, ...rows], ','));
        expect(status, JSON.stringify([body, rows])).toBe(200);
        const { total, created, unchanged, refused } = body.lines;
        expect(created + unchanged + refused).toBe(total);
        expect(new Set(body.refused.map(({ line: at }: { line: number }) => at)).size).toBe(refused);
      }),
      { numRuns: 60 },
    );
  });

  it('creates nothing twice, by RPPS number or by name, nor changes who is known', async () => {
    const [a, b] = [unique('Delta'), unique('Epsilon')];
    const rpps = buildRpps();
    const text = `familyName,givenNames,rpps,placeName,appointmentTypes\n${a},Alice,${rpps},Cabinet,Consultation:20\n${b},Paul,,Cabinet,\n`;
    expect((await upload(text)).body.lines.created).toBe(2);
    const again = await upload(text);
    expect(again.body.lines).toEqual({ total: 2, created: 0, unchanged: 2, refused: 0 });
    expect(again.body.warnings).toEqual([]);
    const other = `familyName,givenNames,rpps,appointmentTypes\n${a},Alicia,${rpps},Consultation:30\n${b.toUpperCase()},PAUL,,\n`;
    const third = await upload(other);
    expect(third.body.lines).toMatchObject({ created: 0, unchanged: 2 });
    expect(
      third.body.warnings.map(({ line, field, code }: Record<string, unknown>) => `${line} ${field} ${code}`),
    ).toEqual(['2 givenNames DIFFERS', '2 appointmentTypes DIFFERS', '3 familyName DIFFERS', '3 givenNames DIFFERS']);
    expect((await named(a))[0].appointmentTypes).toMatchObject([{ minutes: 20 }]);
  });

  it('says with a dry run what it would do, and stores nothing', async () => {
    const name = unique('Zeta');
    const text = `familyName,givenNames,rpps\n${name},Alice,10101201234\n${name},Alice,10101201234\n${name},,1\n`;
    const before = await all();
    const dry = await upload(text, true);
    expect(dry.body).toMatchObject({ dryRun: true, lines: { total: 3, created: 1, unchanged: 1, refused: 1 } });
    expect(dry.body.warnings).toMatchObject([{ line: 2, field: 'rpps', code: 'CHECK_DIGIT' }]);
    expect(await all()).toBe(before);
    expect({ ...(await upload(text)).body, dryRun: true }).toEqual(dry.body);
  });

  it('creates nothing twice when the same file is sent twice at the same moment', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${unique(`Eta${i}`)},Alice,${i % 2 ? buildRpps() : ''}`);
    const text = `familyName,givenNames,rpps\n${lines.join('\n')}\n`;
    const reports = await Promise.all([upload(text), upload(text)]);
    expect(reports.map(({ body }) => body.lines.created).sort()).toEqual([0, 30]);
  });

  it('refuses a wrong header and stores nothing', async () => {
    const before = await all();
    const answer = await upload('familyName,rpps,rpps,shoeSize\nA,1,2,3\n');
    expect([answer.status, answer.body.code]).toEqual([422, 'IMPORT.HEADER']);
    expect(answer.body.fields.map(({ path, code }: Record<string, string>) => `${path} ${code}`)).toEqual([
      'rpps DUPLICATE_COLUMN',
      'shoeSize UNKNOWN_COLUMN',
      'givenNames MISSING_COLUMN',
    ]);
    expect(await all()).toBe(before);
  });
});
