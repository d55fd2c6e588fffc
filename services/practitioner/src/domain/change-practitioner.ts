import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { changedFields } from '@cabinet/service/changes';
import { assertMayChange } from './access.js';
import { RppsTaken } from './errors.js';
import type { Practitioners } from './ports.js';
import { detailsOf, existing, type InactiveReason, type Practitioner } from './practitioner.js';
import { type DetailsInput, readDetails } from './practitioner-details.js';

/** `undefined` leaves a field as it is, `null` clears it. */
export type DetailsPatch = { [Name in keyof DetailsInput]?: DetailsInput[Name] | null };

/** Which practitioner is to be changed, and of which version. */
export interface ChangeOrder {
  id: string;
  version: ExpectedVersion;
  /** In use or not; absent: as it is. */
  active?: boolean;
}

interface Change {
  /** Absent: the details stay. */
  details?: (current: Practitioner) => DetailsInput;
  inactiveReason?: InactiveReason;
}

export class ChangePractitioner {
  constructor(
    private readonly practitioners: Practitioners,
    private readonly clock: Clock,
  ) {}

  replace({ details, ...order }: ChangeOrder & { details: DetailsInput }): Promise<Practitioner> {
    return this.change(order, { details: () => details });
  }

  /** @throws NotYours (403) for another, or for what the practice arranges */
  async patch({ patch, ...order }: ChangeOrder & { patch: DetailsPatch }, actor: Principal): Promise<Practitioner> {
    const fields = order.active === undefined ? Object.keys(patch) : [...Object.keys(patch), 'active'];
    assertMayChange(actor, order.id, fields);
    return this.change(order, { details: (current) => patched(current, patch) });
  }

  /** Takes a practitioner out of use and leaves everything there: appointments and records refer to them. */
  deactivate({ reason, ...order }: ChangeOrder & { reason?: InactiveReason }): Promise<Practitioner> {
    return this.change({ ...order, active: false }, { inactiveReason: reason });
  }

  /** @throws 404, 412 for a stale version, 422, 409 for the RPPS number of another */
  private change({ id, version: expected, ...order }: ChangeOrder, wanted: Change): Promise<Practitioner> {
    const now = this.clock.now();
    return this.practitioners.inTransaction(async (tx) => {
      const current = existing(await tx.lock(id));
      assertVersion(expected, current.version);
      const details = wanted.details ? readDetails(wanted.details(current), current) : detailsOf(current);
      const active = order.active ?? current.active;
      const changed: string[] = changedFields(detailsOf(current), details);
      const inactiveReason = active ? undefined : (wanted.inactiveReason ?? current.inactiveReason ?? 'other');
      if (active !== current.active) changed.push('active');
      if (inactiveReason !== current.inactiveReason) changed.push('inactiveReason');
      if (changed.length === 0) return current;
      const holder = changed.includes('rpps') && details.rpps ? await tx.holderOf(details.rpps) : undefined;
      noteSubjects(holder);
      if (holder) throw new RppsTaken(holder);
      const { version, createdAt } = current;
      const next = { ...details, id, version, active, inactiveReason, createdAt, updatedAt: now };
      const hasLeft = current.active && !active;
      return tx.save(next, hasLeft ? { kind: 'left' } : { kind: 'updated', changed });
    });
  }
}

function patched(current: Practitioner, patch: DetailsPatch): DetailsInput {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const changes = Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
  return { ...detailsOf(current), ...changes };
}
