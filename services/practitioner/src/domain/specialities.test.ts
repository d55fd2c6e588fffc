import { FieldErrors } from '@cabinet/kit/errors';
import { describe, expect, it } from 'vitest';
import { nomenclature } from './nomenclature.js';
import { doubtsAboutSpecialities, readSpecialities } from './specialities.js';

function read(...specialities: { code?: string; display?: string }[]) {
  const errors = new FieldErrors();
  const values = readSpecialities(specialities, 'specialities', errors);
  return { values, refused: errors.fields.map(({ path, code }) => `${path} ${code}`) };
}

describe('specialities', () => {
  it('give a known code its official name', () => {
    expect(read({ code: 'sm54', display: 'GP' }).values).toEqual([{ code: 'SM54', display: 'Médecine générale' }]);
  });

  it('give an exact name its code, unless two codes have it', () => {
    expect(read({ display: 'pediatrie' }).values).toEqual([{ code: 'SM40', display: 'Pédiatrie' }]);
    expect(read({ display: 'Chirurgie orale' }).values).toEqual([{ display: 'Chirurgie orale' }]);
    expect(read({ display: 'Ostéopathie' }).values).toEqual([{ display: 'Ostéopathie' }]);
  });

  it('take a code that is not in our copy with a name and a doubt', () => {
    const { values, refused } = read({ code: 'SM99', display: 'Médecine spatiale' });
    expect([values, refused]).toEqual([[{ code: 'SM99', display: 'Médecine spatiale' }], []]);
    expect(doubtsAboutSpecialities(values)).toMatchObject([{ path: 'specialities[0].code', code: 'UNKNOWN_CODE' }]);
    expect(doubtsAboutSpecialities(read({ code: 'SM54' }).values)).toEqual([]);
  });

  it('refuse an unknown code without a name, what is no code, and nothing at all', () => {
    expect(read({ code: 'SM99' }).refused).toEqual(['specialities[0].display REQUIRED']);
    expect(read({ code: 'generalist', display: 'x' }).refused).toEqual(['specialities[0].code NO_CODE']);
    expect(read({ code: 'constructor' }).refused).toContain('specialities[0].code NO_CODE');
    expect(read({}, { display: ' ' }).refused).toEqual([
      'specialities[0].display REQUIRED',
      'specialities[1].display REQUIRED',
    ]);
  });

  it('stand there once each', () => {
    expect(read({ code: 'SM54' }, { display: 'Médecine générale' }, { code: 'SM40' }).values).toHaveLength(2);
  });

  it('come from a nomenclature of well-formed codes and names', () => {
    for (const [code, name] of Object.entries(nomenclature)) {
      expect(code).toMatch(/^(SM|SCD|SI)\d{2}$/);
      expect(name).toMatch(/^\p{Lu}.*[^)]$|\(réforme 2017\)$|\(trice\)$/u);
    }
  });
});
