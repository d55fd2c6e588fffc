import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { Orm } from '@cabinet/postgres/orm';
import type { PatientLogins } from '../domain/ports.js';
import { PasskeySchema, toPasskey } from './postgres-passkeys.js';
import { SessionSchema, toSession } from './session.schema.js';
import { toUser, UserSchema } from './user.schema.js';

export class PostgresPatientLogins implements PatientLogins {
  constructor(private readonly orm: Orm) {}

  async of(asked: string) {
    const em = this.orm.em.fork();
    const patientId = await currentPatientId(em, asked);
    if (!patientId) return undefined;
    const users = (await em.find(UserSchema, { patientId })).map(toUser);
    const userId = { $in: users.map(({ id }) => id) };
    const sessions = (await em.find(SessionSchema, { userId }, { orderBy: { createdAt: 'asc' } })).map(toSession);
    const passkeys = (await em.find(PasskeySchema, { userId }, { orderBy: { createdAt: 'asc' } })).map(toPasskey);
    return { patientId, users, sessions, passkeys };
  }
}
