import { PostgresAuditTrail } from '@cabinet/postgres/audit';
import { openDatabase } from '@cabinet/postgres/orm';
import { AuditKeys } from '@cabinet/service/audit/chain';
import { Batches } from '@cabinet/service/batches';
import { PatientSchema } from '../../services/patient/dist/data/patient.schema.js';
import { auditSecret, buildEvent } from './events.ts';

// Runs as a process of its own: as many requests at once as a busy service has, each of which waits for its event.
const [kind, ms] = process.argv.slice(2);
const requests = 64;
const orm = openDatabase({ url: process.env.DATABASE_URL as string, entities: [PatientSchema], migrations: [] });
const trail = new PostgresAuditTrail(orm, new AuditKeys('bench', [auditSecret]));
const plain = new Batches(async (events: object[]) => {
  await orm.em.fork().execute(
    `insert into plain_event (sequence, at, actor, roles, practitioner_id, purpose, action, subjects, outcome, request_id, address, hash)
     select 1, at, actor, roles, "practitionerId", purpose, action, subjects, outcome, "requestId", address, ''
     from jsonb_to_recordset(?::jsonb) as row (at timestamptz, actor text, roles text[], "practitionerId" text, purpose text,
       action text, subjects text[], outcome integer, "requestId" text, address text)`,
    [JSON.stringify(events)],
  );
  return [];
});
let count = 0;
const until = performance.now() + Number(ms);
await Promise.all(
  Array.from({ length: requests }, async () => {
    while (performance.now() < until) {
      const event = buildEvent(count);
      await (kind === 'chain' ? trail.append(event) : plain.add(event));
      count += 1;
    }
  }),
);
await orm.close(true);
console.log(count);
