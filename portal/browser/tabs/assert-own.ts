import { expect } from 'vitest';
import type { Done, Shown } from './in-page.ts';
import { ownersOf, type Patient, type Write } from './two-patients.ts';

const nobodyYet = /^(…|It is not known whose page this is.*)?$/;

/** A page about a patient shows their name alone, and nothing that is of another: no word, no value, no link. */
export function assertOwn({ path, header, words, links }: Shown, patients: Patient[]): void {
  const [owner] = ownersOf(path);
  if (!owner) return;
  const own = patients.find(({ id }) => id === owner);
  if (!own) throw new Error(`${path} is of nobody here`);
  if (!nobodyYet.test(header)) expect(header).toContain(own.familyName);
  const others = patients.filter((each) => each !== own);
  const foreign = others.flatMap((each) => each.words.filter((word) => words.includes(word)));
  expect(foreign, `on the page of ${own.familyName}`).toEqual([]);
  const strange = [path, ...links].filter((each) => ownersOf(each).some((id) => id !== owner));
  expect(strange, `shown or linked on the page of ${own.familyName}`).toEqual([]);
}

/** Who has gone to another page stays there, whatever is answered then to what they did before. */
export function assertNotLedAway({ act, on, after }: Done): void {
  if (act.do === 'late answers come')
    expect(ownersOf(after.path)[0], 'led away by a late answer').toBe(ownersOf(on)[0]);
}

/**
 * What was sent is of those on whose pages it was written, and says so.
 * @param pressed on whose page, for each time that something was pressed that sends
 */
export function assertOwnWrites(writes: Write[], pressed: string[], patients: Patient[]): void {
  for (const { name, patientId, texts } of writes) {
    const owner = patients.find(({ id }) => id === patientId);
    const foreign = texts.filter((text) => !text.startsWith(`For ${owner?.familyName} `));
    expect(foreign, `${name} of ${owner?.familyName ?? patientId}`).toEqual([]);
  }
  for (const { id, familyName } of patients) {
    const sent = writes.filter((each) => each.patientId === id && !each.isGivenBack);
    const times = pressed.filter((each) => each === id).length;
    expect(sent.length, `sent for ${familyName}: ${sent.map(({ name }) => name)}`).toBeLessThanOrEqual(times);
  }
  expect(writes.filter(({ patientId }) => !patients.some(({ id }) => id === patientId))).toEqual([]);
}
