import type { Principal } from '@cabinet/kit/access/principal';
import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import type { Appointment } from '../domain/booking/appointment.js';
import type { Appointments } from '../domain/booking/ports.js';
import type { WaitingList } from '../domain/waiting-list/ports.js';
import type { PlaceInLine, Waiting } from '../domain/waiting-list/waiting.js';
import { toAppointmentResponse } from './booking/appointment.dto.js';
import { keyOf } from './waiting-list/waiting-list.controller.js';
import { toWaitingResponse } from './waiting-list/waiting-list.dto.js';

const atOnce = 500;

interface Parts {
  /** The patient that an id leads to; undefined for one who was erased. */
  currentId(patientId: string): Promise<string | undefined>;
  appointments: Pick<Appointments, 'list'>;
  waiting: Pick<WaitingList, 'list'>;
}

/** All visits, booked, cancelled and past, and all that was waited for, as the patient sees them. */
export const givePatientData =
  ({ currentId, appointments, waiting }: Parts): GivePatientData =>
  async (asked) => {
    const patientId = await currentId(asked);
    if (!patientId) throw new PatientDataGone();
    const patient: Principal = { id: patientId, roles: ['patient'], patientId };
    const visits = await all<Appointment, [number, string]>(
      (after) => appointments.list({ patientId }, atOnce, after),
      ({ start, id }) => [start.getTime(), id],
    );
    const entries = await all<Waiting, PlaceInLine>((after) => waiting.list({ patientId }, atOnce, after), keyOf);
    return {
      patientId,
      sections: {
        appointments: visits.map((each) => toAppointmentResponse(each, patient)),
        waitingList: entries.map((each) => toWaitingResponse(each, patient)),
      },
    };
  };

/** What a list has, page by page. */
async function all<T, Key>(list: (after?: Key) => Promise<T[]>, placeOf: (item: T) => Key): Promise<T[]> {
  const found: T[] = [];
  for (let after: Key | undefined; ; ) {
    const page = await list(after);
    found.push(...page.slice(0, atOnce));
    const last = page[atOnce - 1];
    if (page.length <= atOnce || !last) return found;
    after = placeOf(last);
  }
}
