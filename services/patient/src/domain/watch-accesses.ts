import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import type { ToldAccess, ToldAccesses } from '@cabinet/service/audit/tell-accesses';
import type { Colleague, Colleagues, KnownPatient } from './colleagues.js';
import type { AccessWatch, AccessWatchTransaction } from './ports.js';
import type { PracticeHours } from './practice-hours.js';
import {
  type AccessLine,
  dueAfter,
  type Looker,
  type ReviewSample,
  type UnusualAccess,
  withMore,
} from './unusual-access.js';
import { areMany, type Person, reasonsFor } from './unusual-rules.js';

/** A line about more patients is a list in which somebody stands, and no look at them. Two are compared or merged. */
const lookedAtMax = 2;

/** Reviewing what was found would be found unusual itself, and that again. */
const isReviewing = ({ action }: ToldAccess): boolean => /\/(?:unusual|emergency)-accesses\b/.test(action);

const hourMs = 3_600_000;

type Found = Pick<UnusualAccess, 'patientId' | 'reasons' | 'patients' | 'usual'> & { lines: [AccessLine] };

/** Finds in the audit trails of all services what people of the practice saw that is unusual, and what of it is reviewed. */
export class WatchAccesses {
  constructor(
    private readonly watch: AccessWatch,
    private readonly colleagues: Colleagues,
    private readonly hours: PracticeHours,
    private readonly sample: ReviewSample,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the next part of a service's trail, once however often it is told.
   * @returns how far it has got, which is where that service goes on
   * @throws Unavailable (503) while nobody can say who works here: it is told again
   */
  async take(told: ToldAccesses, { id: service }: Pick<Principal, 'id'>): Promise<number> {
    const accesses = told.accesses.filter((access) => !isReviewing(access));
    const staff = accesses.length > 0 ? await this.colleagues.staff() : [];
    const lookers = new Map<string, { who: Looker; directory?: Person }>();
    for (const { actor, practitionerId } of accesses) {
      if (!lookers.has(actor)) lookers.set(actor, await this.lookerOf(actor, practitionerId, staff));
    }
    const part = { service, after: told.after, until: told.until, at: this.clock.now() };
    return this.watch.take(part, async (tx) => {
      const ids = new Set([
        ...accesses.flatMap(({ subjects }) => subjects),
        ...staff.flatMap(({ patientId }) => patientId ?? []),
      ]);
      const known = await tx.patients([...ids]);
      const working = new Set(staff.flatMap(({ patientId }) => known.get(patientId ?? '')?.patientId ?? []));
      for (const [actor, its] of Map.groupBy(accesses, (access) => access.actor)) {
        const { who, directory } = lookers.get(actor) as { who: Looker; directory?: Person };
        const by = known.get(who.ownPatientId ?? '') ?? directory;
        for (const access of its) {
          for (const patient of patientsIn(access, known)) {
            // Of themselves they are a patient.
            if (patient.patientId === who.ownPatientId) continue;
            const worksHere = working.has(patient.patientId);
            const reasons = reasonsFor({ at: access.at, by, patient: { ...patient, worksHere } }, this.hours);
            if (reasons.length === 0) continue;
            await this.keep(tx, who, { patientId: patient.patientId, reasons, lines: [lineOf(service, access)] });
          }
        }
        await this.count(tx, service, who, its, known);
      }
    });
  }

  private async lookerOf(actor: string, practitionerId: string | undefined, staff: Colleague[]) {
    const user = staff.find((each) => each.userId === actor);
    // Who has two accounts is one person.
    const same = staff.find(
      (each) => practitionerId !== undefined && each.practitionerId === practitionerId && each.patientId,
    );
    const ownPatientId = user?.patientId ?? same?.patientId;
    const isAsked = practitionerId !== undefined && !ownPatientId;
    const directory = isAsked ? await this.colleagues.practitioner(practitionerId) : undefined;
    return { who: { actor, practitionerId, ownPatientId }, directory };
  }

  /** Judges once an hour, by the last of what was told of it. */
  private async count(
    tx: AccessWatchTransaction,
    service: string,
    who: Looker,
    accesses: ToldAccess[],
    known: Map<string, KnownPatient>,
  ): Promise<void> {
    for (const its of Map.groupBy(accesses, ({ at }) => Math.floor(at.getTime() / hourMs)).values()) {
      const seen = its.flatMap(({ at, subjects }) =>
        subjects.flatMap((id) => known.get(id) ?? []).map(({ patientId }) => ({ patientId, at })),
      );
      const last = its.reduce((one, other) => (one.at < other.at ? other : one));
      if (seen.length === 0) continue;
      const busyness = await tx.noteSeen(who.actor, seen, last.at);
      if (!areMany(busyness)) continue;
      const { patients, usual } = busyness;
      await this.keep(tx, who, { reasons: ['many-patients'], lines: [lineOf(service, last)], patients, usual });
    }
  }

  /** Of one day and patient there is one, until it is judged. */
  private async keep(tx: AccessWatchTransaction, who: Looker, found: Found): Promise<void> {
    const [{ at: firstAt }] = found.lines;
    const day = this.hours.dayOf(firstAt);
    const earlier = await tx.unusualOf(who.actor, found.patientId, day);
    const open = earlier.find(({ verdict }) => !verdict);
    if (open) return tx.save(withMore(open, found, this.sample));
    const isKnown = found.reasons.every((reason) => earlier.some(({ reasons }) => reasons.includes(reason)));
    if (earlier.length > 0 && isKnown) return;
    const dueAt = dueAfter(this.clock.now());
    const isSampled = this.sample.has({ ...who, ...found, day });
    await tx.save({ ...who, ...found, id: newId(), day, isSampled, firstAt, lastAt: firstAt, dueAt });
  }
}

const patientsIn = ({ subjects }: ToldAccess, known: Map<string, KnownPatient>): KnownPatient[] => {
  const found = new Map(subjects.flatMap((id) => known.get(id) ?? []).map((each) => [each.patientId, each]));
  return found.size > lookedAtMax ? [] : [...found.values()];
};

const lineOf = (service: string, { sequence, at, action, purpose }: ToldAccess): AccessLine => ({
  service,
  sequence,
  at,
  action,
  purpose,
});
