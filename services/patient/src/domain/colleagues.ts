import type { Marked } from './security-label.js';
import type { Person } from './unusual-rules.js';

/** A user who works in the practice. */
export interface Colleague {
  userId: string;
  patientId?: string;
  practitionerId?: string;
}

/** Who works in the practice, asked from those who know. */
export interface Colleagues {
  /** @param since the answer is no older: who began to work here before is in it. @throws Unavailable (503) */
  staff(since: Date): Promise<Colleague[]>;
  /** By the directory, which everybody here may read. @throws Unavailable (503) */
  practitioner(id: string): Promise<Person | undefined>;
}

/** A patient by any of their ids, as far as it takes to say who may be close to them. */
export interface KnownPatient extends Person {
  /** Of the one they turned out to be. */
  patientId: string;
  /** When they were marked as of public interest. */
  marks: readonly Marked[];
}
