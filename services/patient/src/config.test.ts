import type { ConfigurationError } from '@cabinet/kit/config';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const environment = {
  APP_PORT: '9091',
  CABINET_MODE: 'demonstration',
  DAPR_HTTP_PORT: '3591',
  JWKS_URL: 'http://127.0.0.1:9094/.well-known/jwks.json',
  DATABASE_URL: 'postgres://patient:secret@127.0.0.1:5432/patient',
  AUDIT_KEYS: 'a'.repeat(32),
};

const problemsOf = (more: NodeJS.ProcessEnv) => {
  try {
    readConfig({ ...environment, ...more });
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
};

describe('the configuration of patient', () => {
  it('leaves the record to a minor of fifteen, and to guardians until majority where the practice says so', () => {
    const ownAt = (env: NodeJS.ProcessEnv) =>
      readConfig({ ...environment, ...env })
        .FAMILY_AGES.filter(({ sections }) => sections.includes('record'))
        .map(({ age }) => age);
    expect(ownAt({})).toEqual([15, 18]);
    expect(ownAt({ FAMILY_AGES: '12,15,18' })).toEqual([18]);
  });

  it('says of ages that are written wrongly what is wrong', () => {
    expect(problemsOf({ FAMILY_AGES: '15:details,18' })).toEqual([
      "FAMILY_AGES: names details, where record and accesses alone become a minor's own before majority",
    ]);
    expect(problemsOf({ FAMILY_AGES: '18,15' })).toEqual(['FAMILY_AGES: must be ascending']);
  });
});
