import type { EventSource } from '@cabinet/postgres/event-source';
import type { Appointment, Happening } from '../../domain/booking/appointment.js';

export type AppointmentEvents = EventSource<[Appointment, Happening]>;
