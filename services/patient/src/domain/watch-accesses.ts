import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import {
  keeperOfAccesses,
  type TakenAccesses,
  type ToldAccess,
  type ToldAccesses,
} from '@cabinet/service/audit/tell-accesses';
import type { Colleague, Colleagues, KnownPatient } from './colleagues.js';
import type { AccessWatch, AccessWatchTransaction } from './ports.js';
import type { PracticeHours } from './practice-hours.js';
import { wasMarked } from './security-label.js';
import {
  type AccessLine,
  dueAfter,
  type Looker,
  type ReviewSample,
  type UnusualAccess,
  withMore,
} from './unusual-access.js';
import { areMany, areMore, type Look, type Person, reasonsFor, usualDays } from './unusual-rules.js';

/** In any other list with more patients somebody only stands, and was not looked at. */
const lookedAtMax = 2;
/** These give all details of each. */
const detailedLists = /^(?:GET|POST) \/api\/patients(?:\/search|\/matches|\/:id\/duplicates)?$/;

/** Whoever takes the mark from somebody, looks at one who has it. */
const isUnmarking = ({ action }: ToldAccess): boolean => /^DELETE .*\/security-labels\b/.test(action);

/** Reviewing what was found would be found unusual itself, and that again. */
const isReviewing = ({ action }: ToldAccess): boolean => /\/(?:unusual|emergency)-accesses\b/.test(action);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whoever worked here until then is a colleague: a link that is taken away for an hour hides nobody. */
const colleagueDays = 30;
/** As long as people see who has seen them. */
const findingDays = 3 * 366;
/** What is told late is still counted with what was told before. */
const seenDays = 1;

type Found = Pick<UnusualAccess, 'day' | 'patientId' | 'reasons' | 'patients' | 'usual'> & {
  who: Looker;
  lines: [AccessLine];
};

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
  async take(told: ToldAccesses, { id: service }: Pick<Principal, 'id'>): Promise<TakenAccesses> {
    const accesses = told.accesses.filter((access) => !isReviewing(access));
    const lastAt = Math.max(...accesses.map(({ at }) => at.getTime()));
    const staff = accesses.length > 0 ? await this.colleagues.staff(new Date(lastAt)) : [];
    const lookers = new Map<string, { who: Looker; directory?: Person }>();
    for (const { actor, practitionerId } of accesses) {
      if (!lookers.has(actor)) lookers.set(actor, await this.lookerOf(actor, practitionerId, staff));
    }
    const colleagues = accesses.length > 0 ? await this.colleaguesAmong(staff) : [];
    return this.watch.take({ ...told, service, at: this.clock.now() }, async (tx) => {
      await tx.lock([...lookers.keys()]);
      const ids = new Set([...accesses.flatMap(({ subjects }) => subjects), ...colleagues]);
      const known = await tx.patients([...ids]);
      const working = new Set(colleagues.flatMap((id) => known.get(id)?.patientId ?? []));
      const found: Found[] = [];
      for (const [actor, its] of Map.groupBy(accesses, (access) => access.actor)) {
        const { who, directory } = lookers.get(actor) as { who: Looker; directory?: Person };
        const by = known.get(who.ownPatientId ?? '') ?? directory;
        for (const access of its) {
          const lines: [AccessLine] = [lineOf(service, access)];
          for (const { patientId, ...look } of looksIn(access, service, known, working)) {
            // Of themselves they are a patient.
            if (patientId === who.ownPatientId) continue;
            const reasons = reasonsFor({ ...look, by }, this.hours);
            if (reasons.length > 0) found.push({ who, day: this.hours.dayOf(access.at), patientId, reasons, lines });
          }
        }
        found.push(...(await this.count(tx, service, who, its, known)));
      }
      if (found.length > 0) await this.keep(tx, found);
    });
  }

  /** Removes what is kept no longer, of whomever it is. */
  forgetOld(): Promise<void> {
    const before = (days: number) => new Date(this.clock.now().getTime() - days * dayMs);
    return this.watch.forget({
      seen: before(seenDays),
      hours: before(2 * usualDays),
      found: before(findingDays),
      colleagues: before(colleagueDays),
    });
  }

  private colleaguesAmong(staff: Colleague[]): Promise<string[]> {
    const now = this.clock.now();
    const linked = staff.flatMap(({ patientId }) => patientId ?? []);
    return this.watch.colleagues(linked, now, new Date(now.getTime() - colleagueDays * dayMs));
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
  ): Promise<Found[]> {
    const found: Found[] = [];
    for (const its of Map.groupBy(accesses, ({ at }) => Math.floor(at.getTime() / hourMs)).values()) {
      const seen = its.flatMap(({ at, subjects }) =>
        subjects.flatMap((id) => known.get(id) ?? []).map(({ patientId }) => ({ patientId, at })),
      );
      const last = its.reduce((one, other) => (one.at < other.at ? other : one));
      if (seen.length === 0) continue;
      const busyness = await tx.noteSeen(who.actor, seen, last.at);
      if (!areMany(busyness)) continue;
      const { patients, usual } = busyness;
      const day = this.hours.dayOf(last.at);
      found.push({ who, day, reasons: ['many-patients'], lines: [lineOf(service, last)], patients, usual });
    }
    return found;
  }

  /** Looks once at what was found before of the same people and days, and stores each once. */
  private async keep(tx: AccessWatchTransaction, found: Found[]): Promise<void> {
    const keyOf = ({ actor }: Looker, { patientId, day }: Pick<Found, 'patientId' | 'day'>) =>
      [actor, patientId, day].join(' ');
    const earlier = await tx.unusualOf({
      actors: [...new Set(found.map(({ who }) => who.actor))],
      patientIds: [...new Set(found.flatMap(({ patientId }) => patientId ?? []))],
      days: [...new Set(found.map(({ day }) => day))],
    });
    const all = Map.groupBy(earlier, (each) => keyOf(each, each));
    const changed = new Map<string, UnusualAccess>();
    for (const each of found) {
      const key = keyOf(each.who, each);
      const before = all.get(key) ?? [];
      const after = this.judged(before, each);
      if (!after) continue;
      changed.set(after.id, after);
      all.set(key, [...before.filter(({ id }) => id !== after.id), after]);
    }
    await tx.save([...changed.values()]);
  }

  /** Of one day and patient there is one, until it is judged; again when more is unusual, or many more were seen. */
  private judged(earlier: UnusualAccess[], { who, ...found }: Found): UnusualAccess | undefined {
    const open = earlier.find(({ verdict }) => !verdict);
    if (open) return withMore(open, found, this.sample);
    const isKnown = found.reasons.every((reason) => earlier.some(({ reasons }) => reasons.includes(reason)));
    const judged = Math.max(...earlier.map(({ patients = 0 }) => patients));
    if (earlier.length > 0 && isKnown && !areMore(found.patients, judged)) return undefined;
    const [{ at: firstAt }] = found.lines;
    const dueAt = dueAfter(this.clock.now());
    const isSampled = this.sample.has({ ...who, ...found });
    return { ...who, ...found, id: newId(), version: 1, isSampled, firstAt, lastAt: firstAt, dueAt };
  }
}

/** Whom it shows, as they were when it did. */
function looksIn(
  access: ToldAccess,
  service: string,
  known: Map<string, KnownPatient>,
  working: Set<string>,
): (Omit<Look, 'by'> & { patientId: string })[] {
  const { at, action, subjects } = access;
  const found = new Map(subjects.flatMap((id) => known.get(id) ?? []).map((each) => [each.patientId, each]));
  const among = found.size;
  if (among > lookedAtMax && !(service === keeperOfAccesses && detailedLists.test(action))) return [];
  return [...found.values()].map(({ patientId, marks, ...person }) => {
    const isOfPublicInterest = isUnmarking(access) || wasMarked(marks, at);
    return { at, among, patientId, patient: { ...person, worksHere: working.has(patientId), isOfPublicInterest } };
  });
}

const lineOf = (service: string, { sequence, at, action, purpose }: ToldAccess): AccessLine => ({
  service,
  sequence,
  at,
  action,
  purpose,
});
