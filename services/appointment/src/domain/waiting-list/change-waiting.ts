import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { assertMayChange, mayKeep, noteAbout, notYoursToKeep } from '../booking/access.js';
import type { Appointment } from '../booking/appointment.js';
import type { ChangeAppointment } from '../booking/change-appointment.js';
import type { Appointments, Change } from '../booking/ports.js';
import { agendasOf } from '../capacity.js';
import type { Reference } from '../reference.js';
import { assertMaySeeWaiting, mayKeepIn, maySeeWaiting, showsAgendasOf } from './access.js';
import { OfferEnded } from './errors.js';
import type { FindWaiting, WaitingState } from './find-waiting.js';
import type { WaitingList } from './ports.js';
import type { Waiting } from './waiting.js';

/** The entry as its offer was seen: a slot that nobody has seen is neither booked nor refused. */
type Offered = Required<Reference>;

/**
 * What somebody on the list does. Each is of an entry that the actor may see: to others there is none (404). A request that is
 * repeated although its change is stored gets the entry as it is now. What is offered is an appointment: of several who are
 * waited for, only the one in whose agenda it is answers for the patient.
 */
export class ChangeWaiting {
  constructor(
    private readonly waiting: WaitingList,
    private readonly find: FindWaiting,
    private readonly appointments: Appointments,
    private readonly change: ChangeAppointment,
    private readonly clock: Clock,
  ) {}

  /**
   * Books the slot that is offered and cancels the appointment that it replaces, both or neither.
   * @throws 428 without a version, 412 when another is offered by now, 409 when there is no offer, or no longer, 403 for one who may not
   *   change it, or what it replaces
   */
  async accept(which: Offered, actor: Principal): Promise<WaitingState> {
    const state = await this.find.get(which, actor);
    if (wasStoredBefore()) return state;
    const hold = this.offered(state, actor);
    const changes: Change[] = [await this.change.confirmed(hold, actor)];
    const old = state.waiting.replaces && (await this.appointments.find(state.waiting.replaces));
    if (old && isAhead(old)) {
      assertMayChange(actor, old);
      const replaced = await this.change.cancelled(old, { reason: 'Replaced by an earlier appointment' }, actor);
      changes.push({ ...replaced, happening: old.status === 'booked' ? 'cancelled' : undefined });
    }
    await this.change.storeAll(changes);
    return this.find.state(state.waiting.id);
  }

  /** The slot goes to the next; this patient keeps their place. @throws 428, 412, 409 and 403 as `accept` */
  async refuse(which: Offered, actor: Principal): Promise<WaitingState> {
    const state = await this.find.get(which, actor);
    if (wasStoredBefore()) return state;
    const hold = this.offered(state, actor);
    await this.change.storeAll([await this.change.cancelled(hold, { reason: 'The offer was refused' }, actor)]);
    return this.find.state(state.waiting.id);
  }

  /**
   * Takes the patient off the list, and gives back what they are offered, both or neither. Who works for some of those who are waited
   * for takes them off the lists of these: for the others they go on waiting, which nobody learns by it.
   * @throws 412 unless they are on it, 403 as `accept`
   */
  async withdraw(which: Reference, actor: Principal): Promise<WaitingState> {
    const narrowed = wasStoredBefore() && (await this.narrowedBefore(which, actor));
    if (narrowed) return narrowed;
    const state = await this.find.get(which, actor);
    if (wasStoredBefore()) return state;
    const { waiting } = state;
    const open = openTo(actor, state)?.appointment;
    if (open) assertMayChange(actor, open);
    const givenBack = open && (await this.change.cancelled(open, { reason: 'No longer waited for' }, actor));
    const ended = { why: 'withdrawn', at: this.clock.now(), by: actor.id } as const;
    const changes = givenBack ? [givenBack] : [];
    const isShown = showsAgendasOf(actor, waiting);
    const { theirs = [], others } = Object.groupBy(waiting.wants, (want) =>
      isShown(want.practitionerId) ? 'theirs' : 'others',
    );
    if (!others) {
      await this.waiting.end(waiting, ended, changes);
      return this.find.state(waiting.id);
    }
    await this.waiting.narrow(waiting, others, changes);
    const { offers } = await this.find.state(waiting.id);
    return { waiting: { ...waiting, wants: theirs, status: 'cancelled', ended, version: waiting.version + 1 }, offers };
  }

  /**
   * Keeps the entry, and what was offered in agendas of the actor, from the patient's guardians; or no longer, which is for who may say
   * so in all of them: nobody takes the secrecy from what lies in the agenda of somebody else.
   * @throws NotAllowed (403) for a guardian or a carer, and for who runs some of the agendas alone, 412 when it was changed at the same moment
   */
  async keep(which: Reference, keptFromGuardians: boolean, actor: Principal): Promise<WaitingState> {
    const state = await this.find.get(which, actor);
    noteAbout({ ...state.waiting, keptFromGuardians });
    if (wasStoredBefore()) return state;
    const differing = state.offers
      .map(({ appointment }) => appointment)
      .filter((each) => each.keptFromGuardians !== keptFromGuardians);
    const theirs = differing.filter((each) => mayKeep(actor, each));
    const isTheirs = theirs.length === differing.length && mayKeepIn(actor, state.waiting);
    if (!keptFromGuardians && !isTheirs) throw notYoursToKeep();
    const changes = theirs.map(
      (each): Change => ({ appointment: { ...each, keptFromGuardians }, happening: 'privacy-changed' }),
    );
    await this.waiting.keep(state.waiting, keptFromGuardians, changes);
    return this.find.state(state.waiting.id);
  }

  /**
   * What is told once more to who took the patient off the lists of those for whom they work, by the same request: that they did.
   * Which these were the entry does not say any more, nor is anything in it theirs. @throws 404 for who works for nobody by now
   */
  private async narrowedBefore({ id }: Reference, actor: Principal): Promise<WaitingState | undefined> {
    const { waiting } = await this.find.state(id);
    if (maySeeWaiting(actor, waiting)) return undefined;
    noteAbout(waiting);
    const wants = agendasOf(actor).map(({ practitionerId }) => ({ practitionerId, appointmentTypeId: '' }));
    assertMaySeeWaiting(actor, { ...waiting, wants });
    const ended = { why: 'withdrawn', at: this.clock.now(), by: actor.id } as const;
    const withdrawn: Waiting = { ...waiting, wants: [], status: 'cancelled', ended, replaces: undefined };
    return { waiting: withdrawn, offers: [], seenAsOf: wants };
  }

  private offered(state: WaitingState, actor: Principal): Appointment {
    const open = openTo(actor, state);
    if (open) assertMayChange(actor, open.appointment);
    if (!open || open.endsAt <= this.clock.now()) throw new OfferEnded();
    return open.appointment;
  }
}

const isAhead = ({ status }: Appointment): boolean => status === 'booked' || status === 'pending';

/** The offer that waits for an answer, where the actor may know of it. Somebody may answer while this is read: the appointment knows best. */
function openTo(actor: Principal, { waiting, offers }: WaitingState) {
  const isShown = showsAgendasOf(actor, waiting);
  return offers.find(
    ({ status, appointment }) =>
      status === 'open' && appointment.status === 'pending' && isShown(appointment.practitionerId),
  );
}
