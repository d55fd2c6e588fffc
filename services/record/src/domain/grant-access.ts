import { noteKeptFromGuardians } from '@cabinet/access/family';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { type AccessGrant, grantLastsMs, grantsMax, grantsTo, isInForce, likeIt, withGrant } from './access-grants.js';
import { changeRecord } from './change-record.js';
import { GrantToYourself, NoSuchGrant, NotForGuardians, TooManyGrants } from './errors.js';
import type { AsWhom, FindRecord } from './find-record.js';
import { isKept } from './kept-from-guardians.js';
import type { Neighbours, Records } from './ports.js';
import type { MedicalRecord } from './record.js';

export interface GrantTo {
  practitionerId: string;
  until: Date;
  keptFromGuardians?: boolean;
}

/**
 * Patients let practitioners into their record by name, until a day; guardians do of a minor, and a secretary at the patient's word.
 * A grant that a minor keeps from their guardians is none for them: theirs neither end it nor end with it.
 */
export class GrantAccess {
  constructor(
    private readonly records: Records,
    private readonly find: FindRecord,
    private readonly neighbours: Pick<Neighbours, 'practitioner'>,
    private readonly clock: Clock,
  ) {}

  /** The newest first. @throws NotYourRecord (403), RecordNotFound (404), RecordErased (410) */
  async list(patientId: string, actor: Principal): Promise<AccessGrant[]> {
    const { record, by } = await this.find.ofPatient(patientId, actor);
    return seenBy(by, record.grants).map(noted).reverse();
  }

  /**
   * @throws as list, NotForGuardians (403) for a guardian who keeps it from guardians, GrantToYourself (403), TooManyGrants (409), 422
   *   for a practitioner who is not known or a time too near or too far, Unavailable (503)
   */
  async give(patientId: string, to: GrantTo, actor: Principal): Promise<AccessGrant> {
    const { id } = effectOfRequest();
    const practitionerId = to.practitionerId.toLowerCase();
    if (to.keptFromGuardians) noteKeptFromGuardians();
    return this.change(patientId, actor, async ({ record, by }, now) => {
      const given = record.grants.find((each) => each.id === id);
      if (given) return { seen: given, record, told: [] };
      if (to.keptFromGuardians && by === 'guardian') throw new NotForGuardians();
      if (by !== 'patient' && actor.practitionerId === practitionerId) throw new GrantToYourself();
      assertLasts(to.until, now);
      if (!(await this.neighbours.practitioner(practitionerId))) {
        throw invalidField('practitionerId', 'UNKNOWN', 'is no practitioner of this practice');
      }
      const others = likeIt(record.grants, to).filter((each) => isInForce(each, now));
      if (others.length >= grantsMax && grantsTo(others, practitionerId, now).length === 0) throw new TooManyGrants();
      const grant: AccessGrant = {
        id,
        practitionerId,
        givenAt: now,
        givenBy: { id: actor.id, role: by },
        until: to.until,
        ...(to.keptFromGuardians && { keptFromGuardians: true }),
      };
      return { seen: grant, record: { ...record, grants: withGrant(record.grants, grant) }, told: [] };
    });
  }

  /** Ends it at once; what has ended stays as it was. @throws as list, NoSuchGrant (404) */
  async withdraw(patientId: string, grantId: string, actor: Principal): Promise<AccessGrant> {
    return this.change(patientId, actor, ({ record, by }, now) => {
      const grant = seenBy(by, record.grants).find(({ id }) => id === grantId);
      if (!grant) throw new NoSuchGrant();
      noted(grant);
      if (!isInForce(grant, now)) return { seen: grant, record, told: [] };
      const seen = { ...grant, withdrawnAt: now };
      const grants = record.grants.map((each) => (each === grant ? seen : each));
      return { seen, record: { ...record, grants }, told: [] };
    });
  }

  private change(
    patientId: string,
    actor: Principal,
    decide: (of: { record: MedicalRecord; by: AsWhom }, now: Date) => Decided | Promise<Decided>,
  ): Promise<AccessGrant> {
    return changeRecord(
      this.records,
      () => this.find.ofPatient(patientId, actor),
      (of) => decide(of, this.clock.now()),
    );
  }
}

const seenBy = (by: AsWhom, grants: readonly AccessGrant[]): AccessGrant[] =>
  grants.filter((grant) => by !== 'guardian' || !isKept(grant));

function noted(grant: AccessGrant): AccessGrant {
  if (isKept(grant)) noteKeptFromGuardians();
  return grant;
}

type Decided = { seen: AccessGrant; record: MedicalRecord; told: [] };

/** @throws 422 on `until` */
function assertLasts(until: Date, now: Date): void {
  const lasts = until.getTime() - now.getTime();
  if (lasts < grantLastsMs.min) throw invalidField('until', 'TOO_SOON', 'is less than a day away');
  if (lasts > grantLastsMs.max) throw invalidField('until', 'TOO_LATE', 'is more than a year away');
}
