import { Migration } from '@mikro-orm/migrations';

/**
 * An entry of the waiting list becomes a secret with a visit that it replaces or that was offered for it, and nothing of its own changes
 * then: answers that show the entry go with those that show the visit.
 */
export class AnswersThatShowWaiting extends Migration {
  override up(): void {
    this.addSql(`
      create or replace function forget_answers_that_show() returns trigger language plpgsql as $$
      begin
        delete from idempotency_key
          where subjects @> to_jsonb(new.patient_id::text) and exists (
            select from (
              select new.id
              union all select o.waiting_id from waiting_offer o where o.appointment_id = new.id
              union all select w.id from waiting w where w.patient_id = new.patient_id and w.replaces = new.id
            ) as secret (id)
            where position(secret.id::text in answer ->> 'body') > 0);
        return null;
      end $$`);
  }
}
