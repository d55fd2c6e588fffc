import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import type { AfterSomeThing, SomeThings } from '../domain/ports.js';
import type { SomeThing } from '../domain/some-thing.js';
import { toSomeThingResponse } from './some-thing.dto.js';

const atOnce = 500;

interface Parts {
  /** The patient that an id leads to; undefined for one who was erased. */
  currentId(patientId: string): Promise<string | undefined>;
  someThings: Pick<SomeThings, 'listOf'>;
}

/** All some things of a patient, for a copy of all that is kept of them. */
export const givePatientData =
  ({ currentId, someThings }: Parts): GivePatientData =>
  async (asked) => {
    const patientId = await currentId(asked);
    if (!patientId) throw new PatientDataGone();
    const found: SomeThing[] = [];
    for (let after: AfterSomeThing | undefined, isMore = true; isMore; ) {
      const page = await someThings.listOf(patientId, atOnce, after);
      found.push(...page.slice(0, atOnce));
      const last = found.at(-1);
      if (last) after = [last.id];
      isMore = page.length > atOnce;
    }
    return { patientId, sections: { someThings: found.map(toSomeThingResponse) } };
  };
