import { type EntityManager, type Fact, tellAll } from '@cabinet/kit/postgres';
import type { UserFact } from '../domain/ports.js';
import type { User } from '../domain/user.js';

export type ToldOf = Pick<User, 'id' | 'version'>;

export interface Telling {
  /** The process that tells. */
  source: string;
  toFact(user: ToldOf, type: UserFact): Fact;
  /** Called after a commit that told something. */
  told(): void;
}

/** Writes facts about the user beside the change, for the relay to publish. */
export const tellOf = (tx: EntityManager, { source, toFact }: Telling, user: ToldOf, types: UserFact[]) =>
  tellAll(
    tx,
    source,
    types.map((type) => toFact(user, type)),
  );
