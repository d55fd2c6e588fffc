import { fact } from '@cabinet/contracts';
import type { UserFact } from '../domain/ports.js';
import type { User } from '../domain/user.js';

/** What the practice hears about a user: that it happened, never the address. */
export const toFact = ({ id, version }: Pick<User, 'id' | 'version'>, type: UserFact) =>
  fact(type, id, { userId: id, version });
