import type { Principal } from '@cabinet/kit/access/principal';
import { invalidField } from '@cabinet/kit/errors';
import { isEnteredInError } from './contents.js';
import type { FindRecord } from './find-record.js';
import type { Neighbours } from './ports.js';
import { type Entry, newestOf } from './record.js';
import { toInstant } from './times.js';
import type { WriteRecord } from './write-record.js';

/** A reading that a practitioner saw in a curve, as it was shown there. */
export interface AcceptedReading {
  readingId: string;
  /** LOINC. */
  code: string;
  /** When it was so. */
  effectiveAt: string;
  note?: string;
  keptFromGuardians?: boolean;
}

/** The system of LOINC, as FHIR names it. */
const loinc = 'http://loinc.org';

export class AcceptReading {
  constructor(
    private readonly find: FindRecord,
    private readonly neighbours: Pick<Neighbours, 'reading'>,
    private readonly write: WriteRecord,
  ) {}

  /**
   * Makes a reading an observation of the record, with what wearable says of it: nobody can say what was measured but who has it. One
   * that was accepted already stays as it is.
   * @throws as WriteRecord.add, InvalidInput (422) when the patient has no such reading, Unavailable (503)
   */
  async accept(patientId: string, said: AcceptedReading, actor: Principal): Promise<Entry<'observation'>> {
    const { readingId, code, note, keptFromGuardians } = said;
    const effectiveAt = toInstant(said.effectiveAt, 'effectiveAt');
    // Who may not write learns nothing of what there is.
    const { record } = await this.find.toWrite(patientId, actor);
    const reading = await this.neighbours.reading({ patientId: record.patientId, code, effectiveAt, readingId });
    if (!reading)
      throw invalidField('readingId', 'NO_SUCH_READING', 'must be a reading of the patient, of this code at this time');
    const { name, value, unit, at, deviceId, certainty, flags } = reading;
    const content = () => ({
      status: 'final' as const,
      code: { text: name, coding: [{ system: loinc, code: reading.code }] },
      ...{ value, unit, effectiveAt: at, readingId, certainty, flags },
      ...(deviceId !== undefined && { deviceId }),
      ...(note !== undefined && { note }),
    });
    const isAlready = (entry: Entry<'observation'>): boolean => {
      const { content } = newestOf(entry);
      return content.readingId === readingId && !isEnteredInError(content);
    };
    return this.write.add(patientId, 'observation', { content, keptFromGuardians, isAlready }, actor);
  }
}
