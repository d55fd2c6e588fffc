import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addAllergy,
  allergyState,
  stateNoKnownAllergies,
  withdrawBecauseListed,
  withdrawNoKnownAllergies,
} from './allergies.js';
import type { Allergy, AllergyVerificationStatus } from './contents.js';
import { absorbing } from './merge-records.js';
import {
  amended,
  type Change,
  type Entry,
  emptyRecord,
  entriesOf,
  type MedicalRecord,
  newEntry,
  newestOf,
  type Writing,
  withAmended,
} from './record.js';

const start = Date.parse('2026-11-20T10:00:00Z');
/** Each step of a history is a second later than the one before. */
const writingAt = (step: number): Writing => ({
  author: { id: 'doctor', role: 'practitioner' },
  at: new Date(start + step * 1_000),
  reason: 'As it was said',
});

const allergy = (name: number, verificationStatus: AllergyVerificationStatus): Allergy => ({
  code: { text: `Allergy ${name}` },
  clinicalStatus: 'active',
  verificationStatus,
});

/** What somebody says of allergies; `which` is the allergy meant, counted in the order they were recorded. */
type Saying =
  | { kind: 'state' }
  | { kind: 'withdraw' }
  | { kind: 'record'; which: number; status: AllergyVerificationStatus }
  | { kind: 'amend'; which: number; status: AllergyVerificationStatus };

const isAbout = (which: number) => (entry: Entry<'allergy'>) =>
  newestOf(entry).content.code.text === `Allergy ${which}`;

/** The record after it; undefined when it is refused. */
function after(record: MedicalRecord, saying: Saying, step: number): MedicalRecord | undefined {
  const writing = writingAt(step);
  const change = (decide: () => Change): MedicalRecord | undefined => {
    try {
      return decide().record;
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^RECORD\.(ALLERGIES_LISTED|NOT_STATED)$/) });
      return undefined;
    }
  };
  switch (saying.kind) {
    case 'state':
      return change(() => stateNoKnownAllergies(record, writing));
    case 'withdraw':
      return change(() => withdrawNoKnownAllergies(record, writing));
    case 'record':
      return change(() =>
        addAllergy(record, newEntry('allergy', allergy(saying.which, saying.status), writing), writing),
      );
    case 'amend': {
      const current = entriesOf(record, 'allergy').find(isAbout(saying.which));
      if (!current || newestOf(current).content.verificationStatus === 'entered-in-error') return undefined;
      const entry = amended(current, allergy(saying.which, saying.status), writing);
      return change(() => withdrawBecauseListed(withAmended(record, entry), entry, writing));
    }
  }
}

const merged = (kept: MedicalRecord, left: MedicalRecord, step: number): MedicalRecord =>
  absorbing(kept, left, writingAt(step))?.record ?? kept;

const statuses: AllergyVerificationStatus[] = ['confirmed', 'refuted', 'entered-in-error'];
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('state' as const), of: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), of: fc.nat(2) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('record' as const),
        of: fc.nat(2),
        status: fc.constantFrom(...statuses),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('amend' as const),
        of: fc.nat(2),
        which: fc.nat(3),
        status: fc.constantFrom(...statuses),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), of: fc.nat(2), into: fc.nat(2) }) },
  ),
  { maxLength: 16 },
);

describe('what is known of allergies after records were merged', () => {
  it('is what one record says that was told the same in the same order', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const records = [0, 1, 2].map((name) => emptyRecord(`patient ${name}`, new Date(start)));
        // Where what is said of each of the three patients goes by now.
        const goesTo = [0, 1, 2];
        let one = emptyRecord('the one record', new Date(start));
        let recorded = 0;
        for (const [index, step] of history.entries()) {
          const at = index + 1;
          const place = goesTo[step.of] as number;
          if (step.kind === 'merge') {
            const into = goesTo[step.into] as number;
            if (into === place) continue;
            records[into] = merged(records[into] as MedicalRecord, records[place] as MedicalRecord, at);
            for (const [name, goes] of goesTo.entries()) if (goes === place) goesTo[name] = into;
            continue;
          }
          const saying: Saying = step.kind === 'record' ? { ...step, which: recorded++ } : step;
          const next = after(records[place] as MedicalRecord, saying, at);
          if (!next) continue;
          records[place] = next;
          one = after(one, saying, at) ?? one;
        }
        const left = [...new Set(goesTo)].map((place) => records[place] as MedicalRecord);
        const all = left.reduce((kept, other) => merged(kept, other, history.length + 1));
        expect(allergyState(all).state).toBe(allergyState(one).state);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same whichever of them stays, and however often they are merged', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const records = [0, 1, 2].map((name) => emptyRecord(`patient ${name}`, new Date(start)));
        let recorded = 0;
        for (const [index, step] of history.entries()) {
          if (step.kind === 'merge') continue;
          const saying: Saying = step.kind === 'record' ? { ...step, which: recorded++ } : step;
          records[step.of] =
            after(records[step.of] as MedicalRecord, saying, index + 1) ?? (records[step.of] as MedicalRecord);
        }
        const [a, b, c] = records as [MedicalRecord, MedicalRecord, MedicalRecord];
        const at = history.length + 1;
        const states = [
          merged(merged(a, b, at), c, at),
          merged(c, merged(b, a, at), at),
          merged(merged(merged(b, c, at), c, at), merged(a, c, at), at),
        ].map((record) => allergyState(record).state);
        expect(new Set(states).size).toBe(1);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an encounter', () => {
  it('is kept from guardians in both when it is in one, and nothing else is by that', () => {
    const visit = (appointmentId: string, keptFromGuardians?: boolean): Entry => {
      const content = {
        status: 'finished',
        class: 'AMB',
        period: { start: 'then' },
        practitionerId: 'doctor',
      } as const;
      return newEntry('encounter', { ...content, appointmentId }, writingAt(1), { keptFromGuardians });
    };
    const recordOf = (...entries: Entry[]) => ({ ...emptyRecord('patient', new Date(start)), entries });
    const [plain, secret] = [visit('first'), visit('first', true)];
    for (const [kept, left] of [
      [recordOf(plain, visit('second')), recordOf(secret, visit('third'))],
      [recordOf(secret, visit('second')), recordOf(plain, visit('third'))],
    ] as const) {
      const { entries } = merged(kept, left, 2);
      const marks = entriesOf({ entries }, 'encounter').map((entry) => [
        newestOf(entry).content.appointmentId,
        Boolean(entry.keptFromGuardians),
      ]);
      expect(marks.toSorted()).toEqual([
        ['first', true],
        ['first', true],
        ['second', false],
        ['third', false],
      ]);
    }
  });

  it('is there once for each appointment after the records were merged', () => {
    const encounter = (id: string, appointmentId?: string): Entry => ({
      id,
      kind: 'encounter',
      versions: [
        {
          number: 1,
          content: {
            status: 'finished',
            class: 'AMB',
            period: { start: 'then' },
            practitionerId: 'doctor',
            appointmentId,
          },
          author: { id: 'appointment', role: 'service' },
          at: new Date(start),
        },
      ],
    });
    const recordOf = (patientId: string, ...entries: Entry[]) => ({
      ...emptyRecord(patientId, new Date(start)),
      entries,
    });
    const kept = recordOf('kept', encounter('1', 'first'), encounter('2'));
    const left = recordOf('left', encounter('3', 'first'), encounter('4', 'second'), encounter('5'));
    const { entries } = merged(kept, left, 1);
    const statuses = entriesOf({ ...kept, entries }, 'encounter').map((entry) => [
      entry.id,
      newestOf(entry).content.status,
    ]);
    expect(statuses).toEqual([
      ['1', 'finished'],
      ['2', 'finished'],
      ['3', 'entered-in-error'],
      ['4', 'finished'],
      ['5', 'finished'],
    ]);
  });
});
