import { Migration } from '@mikro-orm/migrations';

/** Browsers that are pushed to, webhooks, and what is told to them. Of secrets only hashes, or sealed. */
export class Channels extends Migration {
  override up(): void {
    this.addSql(`
      create table push_subscription (
        id uuid primary key,
        patient_id uuid not null,
        -- One browser is somebody's alone: whoever subscribes with it last.
        endpoint_hash text not null unique,
        -- Its address and keys, and the key that it was made with.
        sealed text not null,
        created_at timestamptz not null
      )`);
    this.addSql('create index push_subscription_of_patient on push_subscription (patient_id, created_at)');
    this.addSql(`
      create table webhook (
        id uuid primary key,
        name text not null,
        types jsonb not null,
        signed_by text not null,
        -- Its address, and its keys with when each ends.
        sealed text not null,
        created_by text not null,
        created_at timestamptz not null,
        disabled_at timestamptz,
        disabled_why text
      )`);
    this.addSql(`
      create table webhook_delivery (
        -- By which its receiver knows what it has had, however often it is sent.
        id uuid primary key,
        webhook_id uuid not null references webhook on delete cascade,
        type text not null,
        -- Ids and codes only; whom they are about.
        body text not null,
        patient_id uuid,
        state text not null,
        attempts integer not null,
        next_at timestamptz not null,
        lease uuid,
        leased_until timestamptz,
        created_at timestamptz not null
      )`);
    this.addSql(`create index webhook_delivery_due on webhook_delivery (next_at) where state = 'planned'`);
    this.addSql('create index webhook_delivery_of_webhook on webhook_delivery (webhook_id, created_at desc, id desc)');
    this.addSql('create index webhook_delivery_of_patient on webhook_delivery (patient_id)');
    this.addSql('create index webhook_delivery_by_age on webhook_delivery (created_at)');
    this.addSql(`
      create table webhook_attempt (
        delivery_id uuid not null references webhook_delivery on delete cascade,
        at timestamptz not null,
        -- Nothing: it was taken.
        failure_class text,
        failure_text text
      )`);
    this.addSql('create index webhook_attempt_of_delivery on webhook_attempt (delivery_id, at)');
  }
}
