import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { type AccessGrant, grantLastsMs, grantsMax, isGranted, isInForce, withGrant } from './access-grants.js';
import { changeRecord } from './change-record.js';
import { GrantToYourself, NoSuchGrant, TooManyGrants } from './errors.js';
import { type FindRecord, isOwn, namesOf } from './find-record.js';
import type { Neighbours, Records } from './ports.js';
import type { MedicalRecord } from './record.js';

/** Patients let practitioners into their record by name, until a day; a secretary does at their word. */
export class GrantAccess {
  constructor(
    private readonly records: Records,
    private readonly find: FindRecord,
    private readonly neighbours: Pick<Neighbours, 'practitioner'>,
    private readonly clock: Clock,
  ) {}

  /** The newest first. @throws NotYourRecord (403), RecordNotFound (404), RecordErased (410) */
  async list(patientId: string, actor: Principal): Promise<AccessGrant[]> {
    return (await this.find.ofPatient(patientId, actor)).grants.toReversed();
  }

  /**
   * @throws as list, GrantToYourself (403), TooManyGrants (409), 422 for a practitioner who is not known or a time too near or too far,
   *   Unavailable (503)
   */
  async give(patientId: string, to: { practitionerId: string; until: Date }, actor: Principal): Promise<AccessGrant> {
    const { id } = effectOfRequest();
    const practitionerId = to.practitionerId.toLowerCase();
    return this.change(patientId, actor, async (record, now) => {
      const given = record.grants.find((each) => each.id === id);
      if (given) return { seen: given, record, told: [] };
      const byPatient = isOwn(actor, namesOf(patientId, record));
      if (!byPatient && actor.practitionerId === practitionerId) throw new GrantToYourself();
      assertLasts(to.until, now);
      if (!(await this.neighbours.practitioner(practitionerId))) {
        throw invalidField('practitionerId', 'UNKNOWN', 'is no practitioner of this practice');
      }
      const others = record.grants.filter((each) => isInForce(each, now));
      if (others.length >= grantsMax && !isGranted(others, practitionerId, now)) throw new TooManyGrants();
      const grant: AccessGrant = {
        id,
        practitionerId,
        givenAt: now,
        givenBy: { id: actor.id, role: byPatient ? 'patient' : 'secretary' },
        until: to.until,
      };
      return { seen: grant, record: { ...record, grants: withGrant(record.grants, grant) }, told: [] };
    });
  }

  /** Ends it at once; what has ended stays as it was. @throws as list, NoSuchGrant (404) */
  async withdraw(patientId: string, grantId: string, actor: Principal): Promise<AccessGrant> {
    return this.change(patientId, actor, (record, now) => {
      const grant = record.grants.find(({ id }) => id === grantId);
      if (!grant) throw new NoSuchGrant();
      if (!isInForce(grant, now)) return { seen: grant, record, told: [] };
      const seen = { ...grant, withdrawnAt: now };
      const grants = record.grants.map((each) => (each === grant ? seen : each));
      return { seen, record: { ...record, grants }, told: [] };
    });
  }

  private change(
    patientId: string,
    actor: Principal,
    decide: (record: MedicalRecord, now: Date) => Decided | Promise<Decided>,
  ): Promise<AccessGrant> {
    return changeRecord(
      this.records,
      async () => ({ record: await this.find.ofPatient(patientId, actor) }),
      ({ record }) => decide(record, this.clock.now()),
    );
  }
}

type Decided = { seen: AccessGrant; record: MedicalRecord; told: [] };

/** @throws 422 on `until` */
function assertLasts(until: Date, now: Date): void {
  const lasts = until.getTime() - now.getTime();
  if (lasts < grantLastsMs.min) throw invalidField('until', 'TOO_SOON', 'is less than a day away');
  if (lasts > grantLastsMs.max) throw invalidField('until', 'TOO_LATE', 'is more than a year away');
}
