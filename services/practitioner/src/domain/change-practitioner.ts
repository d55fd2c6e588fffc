import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { changedFields } from '@cabinet/service/changes';
import { RppsTaken } from './errors.js';
import type { Practitioners } from './ports.js';
import { detailsOf, existing, type InactiveReason, type Practitioner } from './practitioner.js';
import { type DetailsInput, readDetails } from './practitioner-details.js';

/** `undefined` leaves a field as it is, `null` clears it. */
export type DetailsPatch = { [Name in keyof DetailsInput]?: DetailsInput[Name] | null };

interface Change {
  /** Absent: the details stay. */
  details?: (current: Practitioner) => DetailsInput;
  active?: boolean;
  inactiveReason?: InactiveReason;
}

export class ChangePractitioner {
  constructor(
    private readonly practitioners: Practitioners,
    private readonly clock: Clock,
  ) {}

  replace(id: string, expected: ExpectedVersion, details: DetailsInput, active?: boolean): Promise<Practitioner> {
    return this.change(id, expected, { details: () => details, active });
  }

  patch(id: string, expected: ExpectedVersion, patch: DetailsPatch, active?: boolean): Promise<Practitioner> {
    return this.change(id, expected, { details: (current) => patched(current, patch), active });
  }

  /** Takes a practitioner out of use and leaves everything there: appointments and records refer to them. */
  deactivate(id: string, expected: ExpectedVersion, inactiveReason?: InactiveReason): Promise<Practitioner> {
    return this.change(id, expected, { active: false, inactiveReason });
  }

  /** @throws 404, 412 for a stale version, 422, 409 for the RPPS number of another */
  private change(id: string, expected: ExpectedVersion, wanted: Change): Promise<Practitioner> {
    const now = this.clock.now();
    return this.practitioners.inTransaction(async (tx) => {
      const current = existing(await tx.lock(id));
      assertVersion(expected, current.version);
      const details = wanted.details ? readDetails(wanted.details(current), current) : detailsOf(current);
      const active = wanted.active ?? current.active;
      const changed: string[] = changedFields(detailsOf(current), details);
      const inactiveReason = active ? undefined : (wanted.inactiveReason ?? current.inactiveReason ?? 'other');
      if (active !== current.active) changed.push('active');
      if (inactiveReason !== current.inactiveReason) changed.push('inactiveReason');
      if (changed.length === 0) return current;
      const holder = changed.includes('rpps') && details.rpps ? await tx.holderOf(details.rpps) : undefined;
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
