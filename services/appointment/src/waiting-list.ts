import type { Clock } from '@cabinet/kit/clock';
import { PeriodicTask, sparing } from '@cabinet/kit/periodic-task';
import type { Orm } from '@cabinet/postgres/orm';
import type { Controllers } from '@cabinet/service/http/controllers';
import type { ServiceBasis } from '@cabinet/service/service';
import { WaitingListController } from './api/waiting-list/waiting-list.controller.js';
import type { AppointmentCommits } from './data/booking/appointment-commits.js';
import type { AppointmentEvents } from './data/booking/appointment-events.js';
import { PostgresWaitingList } from './data/waiting-list/postgres-waiting-list.js';
import type { AvailabilityFacts } from './domain/availability/availability-facts.js';
import type { ChangeAppointment } from './domain/booking/change-appointment.js';
import type { Appointments } from './domain/booking/ports.js';
import type { Directory } from './domain/directory.js';
import type { Schedules } from './domain/schedule/ports.js';
import { ChangeWaiting } from './domain/waiting-list/change-waiting.js';
import { FindWaiting } from './domain/waiting-list/find-waiting.js';
import { JoinWaitingList } from './domain/waiting-list/join-waiting-list.js';
import { OfferFreeSlots } from './domain/waiting-list/offer-free-slots.js';
import type { WaitingList } from './domain/waiting-list/ports.js';

interface Parts {
  service: ServiceBasis;
  clock: Clock;
  orm: Orm;
  events: AppointmentEvents;
  commits: AppointmentCommits;
  appointments: Appointments;
  schedules: Schedules;
  facts: AvailabilityFacts;
  directory: Directory;
  change: ChangeAppointment;
  offersEveryMs?: number;
}

/** The part of the composition root where those are who wait for an appointment. */
export function openWaitingList(parts: Parts): { list: WaitingList; controllers: Controllers; start: () => void } {
  const { service, clock, appointments, schedules, facts, directory, change } = parts;
  const waiting = new PostgresWaitingList(parts.orm, parts.events, parts.commits);
  const find = new FindWaiting(waiting, clock);
  const join = new JoinWaitingList(waiting, appointments, schedules, directory, clock);
  const changeWaiting = new ChangeWaiting(waiting, find, appointments, change, clock);
  const offering = new OfferFreeSlots(waiting, appointments, schedules, facts, directory, clock);
  const offers = new PeriodicTask(() => offering.round(), {
    ...sparing,
    everyMs: parts.offersEveryMs ?? 15_000,
    failed: (error) => service.log.warn({ err: error }, 'free slots not offered'),
  });
  service.closers.defer(() => offers.stop());
  parts.commits.onFreed(() => offers.wake());
  return {
    list: waiting,
    controllers: [[WaitingListController, () => new WaitingListController(find, join, changeWaiting)]],
    start: () => offers.start(),
  };
}
