import { Migration } from '@mikro-orm/migrations';

/** Where messages went, and which addresses are of no use by now; of an address itself only a digest. */
export class Addresses extends Migration {
  override up(): void {
    this.addSql(`
      create table sent_to (
        decision_id uuid primary key references decision on delete cascade,
        digest text not null
      )`);
    this.addSql('create index sent_to_by_digest on sent_to (digest)');
    this.addSql(`
      create table unreachable_address (
        id uuid primary key,
        recipient_id uuid not null,
        channel text not null,
        digest text not null,
        why text not null,
        said text not null,
        since timestamptz not null,
        notification_id uuid not null,
        constraint unreachable_address_once unique (recipient_id, channel, digest)
      )`);
    this.addSql('create index unreachable_address_by_age on unreachable_address (since desc, id desc)');
  }
}
