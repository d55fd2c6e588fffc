import type { EntityManager } from '@cabinet/postgres/orm';
import { type Fact, tellAll } from '@cabinet/postgres/outbox';
import type { User, UserFact } from '../domain/user.js';

export type ToldOf = Pick<User, 'id' | 'version'>;

export interface Telling {
  /** The process that tells. */
  source: string;
  toFact(user: ToldOf, told: UserFact): Fact;
  /** Called after a commit that told something. */
  told(): void;
}

/** Writes facts about the user beside the change, for the relay to publish. */
export const tellOf = (tx: EntityManager, { source, toFact }: Telling, user: ToldOf, facts: UserFact[]) =>
  tellAll(
    tx,
    source,
    facts.map((told) => toFact(user, told)),
  );
