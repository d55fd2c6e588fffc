import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { mayBeSamePerson, nameKeyOf } from './duplicates.js';
import { PossibleDuplicate, RppsTaken } from './errors.js';
import type { Practitioners } from './ports.js';
import type { Practitioner, PractitionerDetails } from './practitioner.js';
import { type DetailsInput, readDetails } from './practitioner-details.js';

export interface RegisterOptions {
  /** The caller has compared, and says that it is somebody else. */
  acceptDuplicate: boolean;
}

export class RegisterPractitioner {
  constructor(
    private readonly practitioners: Practitioners,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidInput (422), RppsTaken (409), and PossibleDuplicate (409) unless that was accepted */
  async register(input: DetailsInput, { acceptDuplicate }: RegisterOptions): Promise<Practitioner> {
    const details = readDetails(input);
    const now = this.clock.now();
    return this.practitioners.inTransaction(async (tx) => {
      const near = await tx.lockRegistration(details.rpps ? [details.rpps] : [], [nameKeyOf(details)]);
      const { id, wasBegun } = effectOfRequest();
      const registered = wasBegun ? near.find((each) => each.id === id) : undefined;
      if (registered) return registered;
      const holder = near.find(({ rpps }) => rpps !== undefined && rpps === details.rpps);
      noteSubjects(holder?.id);
      if (holder) throw new RppsTaken(holder.id);
      const alike = near.filter((other) => mayBeSamePerson(details, other));
      if (alike.length > 0 && !acceptDuplicate) {
        const ids = alike.map(({ id }) => id);
        noteSubjects(...ids);
        throw new PossibleDuplicate(ids);
      }
      const practitioner = newPractitioner(details, now, id);
      noteSubjects(id);
      await tx.add([practitioner]);
      return practitioner;
    });
  }
}

export const newPractitioner = (details: PractitionerDetails, now: Date, id = newId()): Practitioner => ({
  ...details,
  id,
  version: 1,
  active: true,
  createdAt: now,
  updatedAt: now,
});
