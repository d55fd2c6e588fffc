import type { Clock } from '@cabinet/kit/clock';
import type { EventSource } from '@cabinet/postgres/event-source';
import { noteErased, noteMerged } from '@cabinet/postgres/gone-patients';
import type { EntityManager } from '@cabinet/postgres/orm';
import { type ErasureReceipt, type Fate, keptTrail } from '@cabinet/service/erasure-receipt';
import type { FailedAttempts } from '../domain/ports.js';
import { afterErasure, factsOf, type User, type UserFact } from '../domain/user.js';
import { endRights, endSessionsOf } from './ended-access.js';
import { forgetLinksOf } from './issuers/postgres-identity-links.js';
import { lockUsers } from './lock-users.js';
import type { PostgresActingFor } from './postgres-acting-for.js';
import { forgetInvitationsOf } from './postgres-codes.js';
import { SessionSchema } from './session.schema.js';
import { toRow, toUser, UserSchema } from './user.schema.js';
import type { UserEvents } from './user-events.js';

interface Parts {
  events: UserEvents;
  receipts: EventSource<[ErasureReceipt]>;
  attempts: Pick<FailedAttempts, 'accountSubject'>;
  actingFor: Pick<PostgresActingFor, 'forget'>;
  clock: Clock;
}

/** What becomes of the logins of patients who are merged or erased. What is heard in another order comes to the same. */
export class PatientsGone {
  constructor(private readonly parts: Parts) {}

  /** Every login of the patient leads to the one who stays; one who has a login there keeps it. */
  async merge(tx: EntityManager, patientId: string, intoPatientId: string): Promise<void> {
    await lockUsers(tx);
    const leadsTo = await noteMerged(tx, patientId, intoPatientId);
    if (!leadsTo) {
      await this.removeLogins(tx, patientId);
      return;
    }
    const now = this.parts.clock.now();
    for (const row of await tx.find(UserSchema, { patientId })) await endRights(tx, row, now);
    await tx.execute(
      `update user_account
       set patient_id = ?, version = version + 1, access_version = access_version + 1, updated_at = ?
       where patient_id = ?`,
      [leadsTo, now, patientId],
    );
  }

  /** Nobody signs in as the patient any more; an account that served nothing else is removed with its address. */
  async erase(tx: EntityManager, patientId: string): Promise<void> {
    await lockUsers(tx);
    await noteErased(tx, patientId);
    await this.parts.actingFor.forget(tx, patientId);
    await this.parts.receipts.enqueue(tx, { patientId, what: await this.removeLogins(tx, patientId) });
  }

  private async removeLogins(tx: EntityManager, patientId: string): Promise<Fate[]> {
    const { events, clock } = this.parts;
    const invitations = await forgetInvitationsOf(tx, patientId);
    const rows = await tx.find(UserSchema, { patientId });
    const counts = { accounts: 0, links: 0, sessions: 0 };
    for (const row of rows) {
      const user = toUser(row);
      const left = afterErasure(user);
      const now = clock.now();
      await endRights(tx, user, now);
      await endSessionsOf(tx, user.id, now);
      await forgetLinksOf(tx, user.id);
      counts.sessions += await tx.nativeDelete(SessionSchema, { userId: user.id });
      counts[left ? 'links' : 'accounts'] += 1;
      if (!left) {
        await this.remove(tx, user);
        continue;
      }
      const { version, accessVersion } = user;
      const after = { ...left, updatedAt: now, version: version + 1, accessVersion: accessVersion + 1 };
      await tx.nativeUpdate(UserSchema, { id: user.id }, toRow(after));
      await events.enqueueAll(
        tx,
        factsOf(user, after).map((fact): [User, UserFact] => [after, fact]),
      );
    }
    return [
      { kind: 'accounts', count: counts.accounts, outcome: 'erased' },
      // Of who is somebody else in the practice besides.
      { kind: 'linksToAccounts', count: counts.links, outcome: 'erased' },
      { kind: 'sessions', count: counts.sessions, outcome: 'erased' },
      { kind: 'invitations', count: invitations, outcome: 'erased' },
      keptTrail,
    ];
  }

  private async remove(tx: EntityManager, user: User): Promise<void> {
    // The answer kept of its making has the address in it, those to what they did the names they gave; the failed attempts a
    // digest of the address.
    await tx.execute("delete from idempotency_key where caller = ? or answer -> 'headers' ->> 'location' = ?", [
      user.id,
      `/api/auth/users/${user.id}`,
    ]);
    await tx.execute('delete from sign_in_attempts where subject = ?', [
      this.parts.attempts.accountSubject(user.email),
    ]);
    await tx.nativeDelete(UserSchema, { id: user.id });
    await this.parts.events.enqueue(tx, { id: user.id, version: user.version + 1 }, { type: 'user.removed' });
  }
}
