import type { Patient } from '../api/types.ts';

/** Roots of the national health identity (INS): NIR and NIA, and those for tests and demonstrations. */
const [real, forTests] = [
  ['urn:oid:1.2.250.1.213.1.4.8', 'urn:oid:1.2.250.1.213.1.4.9'],
  ['urn:oid:1.2.250.1.213.1.4.10', 'urn:oid:1.2.250.1.213.1.4.11'],
] as const;

const has = ({ identifiers }: Pick<Patient, 'identifiers'>, systems: readonly string[]): boolean =>
  identifiers.some(({ system }) => systems.includes(system));

/**
 * What is known of a patient's INS. One that is noted has the right key and was asked of nobody: the practice is not connected to
 * the national service that qualifies an identity.
 */
export const insOf = (patient: Pick<Patient, 'identifiers'>): 'noted' | 'for-tests' | 'none' =>
  has(patient, real) ? 'noted' : has(patient, forTests) ? 'for-tests' : 'none';
