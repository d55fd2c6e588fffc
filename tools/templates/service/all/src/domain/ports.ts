import type { SomeThing } from './some-thing.js';

/** What others hear of a some thing, as `some-thing.<kind>`, and of which one. */
export type Happening = 'recorded' | 'updated';
export type Told = Pick<SomeThing, 'id' | 'version' | 'patientId'>;

export interface SomeThings {
  find(id: string): Promise<SomeThing | undefined>;
  /**
   * Those of a patient in the order in which they were recorded, also by the id of one who was merged; one more than `limit`
   * when there are more.
   */
  listOf(patientId: string, limit: number, after?: AfterSomeThing): Promise<SomeThing[]>;
  /**
   * Stores it and tells it, both or neither.
   * @returns it as it is stored: with the patient whom its patient turned out to be
   * @throws PatientErased (410)
   */
  add(someThing: SomeThing): Promise<SomeThing>;
  /**
   * Stores what `decide` makes of it as its next version and tells it, both or neither; nobody else changes it meanwhile. The
   * same object back: nothing is to change.
   * @throws SomeThingNotFound (404)
   */
  change(id: string, decide: (current: SomeThing) => SomeThing): Promise<SomeThing>;
}

/** Where a page ended: ids are in the order of time. */
export type AfterSomeThing = [id: string];
