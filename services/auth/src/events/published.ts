import { fact } from '@cabinet/contracts';
import type { User, UserFact } from '../domain/user.js';

/** What the practice hears about a user: that it happened, never the address. */
export const toFact = ({ id, version }: Pick<User, 'id' | 'version'>, { type, endedPractitionerId }: UserFact) =>
  fact(type, id, { userId: id, version, ...(endedPractitionerId && { endedPractitionerId }) });
