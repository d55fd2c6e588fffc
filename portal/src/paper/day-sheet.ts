import type { I18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { nameOfPatient } from '../api/patients.ts';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Appointment, Patient, Practitioner } from '../api/types.ts';
import { dateInWords, timeAt } from '../time/zone.ts';
import { statusNames } from '../words/statuses.ts';

/** Of a patient what a desk needs on paper; nothing medical. */
export interface OnPaper {
  name: string;
  /** YYYY-MM-DD */
  birthDate: string;
  phone: string;
}

/** A line of a day list, in words. Without the reason of the visit, which is medical. */
export interface DayLine {
  id: string;
  time: string;
  patient: string;
  birthDate: string;
  phone: string;
  kind: string;
  /** What has become of it; nothing of what is booked and to come: there is written by hand. */
  note: string;
}

/** The agenda of one practitioner on one day, in words. */
export interface DaySheet {
  practitionerId: string;
  name: string;
  lines: DayLine[];
}

/** What stands at the head of each column, in the order of a line. */
export const dayColumns = [msg`Time`, msg`Patient`, msg`Born`, msg`Telephone`, msg`Kind of visit`, msg`Notes`] as const;

export const onPaper = (patient: Patient): OnPaper => ({
  name: nameOfPatient(patient),
  birthDate: patient.birthDate,
  phone: patient.telecom.find(({ system }) => system === 'phone')?.value ?? '',
});

/** Those for which somebody comes. */
export const areExpected = (appointments: readonly Appointment[]): Appointment[] =>
  appointments.filter(({ status }) => !['cancelled', 'waitlist', 'proposed'].includes(status));

/** @param patientOf what is known of a patient; undefined of one who could not be read, which the line says */
export function sheetOf(
  practitioner: Practitioner,
  appointments: readonly Appointment[],
  patientOf: (id: string) => OnPaper | undefined,
  i18n: I18n,
): DaySheet {
  const kindOf = (id: string) => practitioner.appointmentTypes.find((each) => each.id === id)?.name ?? '';
  return {
    practitionerId: practitioner.id,
    name: nameOfPractitioner(practitioner),
    lines: areExpected(appointments).map((each) => {
      const patient = patientOf(each.patientId);
      return {
        id: each.id,
        time: timeAt(each.start, each.zone, i18n.locale),
        patient: patient?.name ?? i18n._(msg`name could not be read`),
        birthDate: patient ? dateInWords(patient.birthDate, i18n.locale, 'medium') : '',
        phone: patient?.phone ?? '',
        kind: kindOf(each.appointmentTypeId),
        note: each.status === 'booked' ? '' : i18n._(statusNames[each.status]),
      };
    }),
  };
}

/** How close a list is set, so that one A4 sheet takes all of it where it can. */
export type Density = 'roomy' | 'close' | 'tight' | 'overflowing';

/** Rows of a sheet at each density, as `look/print.css` has their heights: 268 mm by 7, 3.9 and 3.1 mm, the last in two columns. */
const rowsMax = { roomy: 37, close: 67, tight: 165 } as const;

export function densityOf(sheets: readonly DaySheet[]): Density {
  // The name of who receives and the heads of columns take two rows and a quarter.
  const rows = sheets.reduce((sum, { lines }) => sum + Math.max(lines.length, 1) + 2.25, 0);
  // A table that begins at the foot of the first column leaves some of it empty.
  if (rows > rowsMax.tight) return 'overflowing';
  if (rows > rowsMax.close) return 'tight';
  return rows > rowsMax.roomy ? 'close' : 'roomy';
}
