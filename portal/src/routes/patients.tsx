import { createRoute, type RouteComponent } from '@tanstack/react-router';
import { labelWords, words } from '../search-words.ts';
import { lazy, lazyOf } from './lazy.ts';
import { people } from './people.tsx';

const patients = createRoute({ getParentRoute: () => people, path: '/patients' });

const patient = createRoute({
  getParentRoute: () => patients,
  path: '$patientId',
  component: lazy(() => import('../frame/patient-frame.tsx'), 'PatientFrame'),
});

/** A page about the patient in the address. */
const patientPage = <const P extends string>({ path, component }: { path: P; component: RouteComponent }) =>
  createRoute({ getParentRoute: () => patient, path, component });

const book = createRoute({
  getParentRoute: () => patient,
  path: 'book',
  validateSearch: words('q', 'place'),
  component: lazy(() => import('../pages/patients/patient/book/find-practitioner.tsx'), 'FindPractitioner'),
});

const bookWith = createRoute({
  getParentRoute: () => patient,
  path: 'book/$practitionerId',
  validateSearch: words('type'),
  component: lazy(() => import('../pages/patients/patient/book/choose-time.tsx'), 'ChooseTime'),
});

const bookSeries = createRoute({
  getParentRoute: () => patient,
  path: 'book/$practitionerId/series',
  validateSearch: words('type'),
  component: lazy(() => import('../pages/patients/patient/book/series.tsx'), 'ChooseSeries'),
});

const series = createRoute({
  getParentRoute: () => patient,
  path: 'series/$seriesId',
  validateSearch: words('moved', 'from', 'count'),
  component: lazy(() => import('../pages/patients/patient/series.tsx'), 'SeriesPage'),
});

const appointments = patientPage({
  path: 'appointments',
  component: lazy(() => import('../pages/patients/patient/appointments/appointments.tsx'), 'Appointments'),
});

const appointment = patientPage({
  path: 'appointments/$appointmentId',
  component: lazy(() => import('../pages/patients/patient/appointments/appointment.tsx'), 'AppointmentPage'),
});

const move = patientPage({
  path: 'appointments/$appointmentId/move',
  component: lazy(() => import('../pages/patients/patient/appointments/move.tsx'), 'MoveAppointment'),
});

const waiting = patientPage({
  path: 'waiting',
  component: lazy(() => import('../pages/patients/patient/waiting/waiting.tsx'), 'WaitingPage'),
});

const waitingEntry = patientPage({
  path: 'waiting/$waitingId',
  component: lazy(() => import('../pages/patients/patient/waiting/entry.tsx'), 'WaitingEntry'),
});

const joinWaitingList = createRoute({
  getParentRoute: () => patient,
  path: 'waiting/join/$practitionerId',
  validateSearch: words('type', 'replaces'),
  component: lazy(() => import('../pages/patients/patient/waiting/join.tsx'), 'JoinWaitingList'),
});

const messages = patientPage({
  path: 'messages',
  component: lazyOf.messages(() => import('../pages/patients/patient/messages/messages.tsx'), 'PatientMessages'),
});

const wishes = patientPage({
  path: 'messages/wishes',
  component: lazyOf.messages(() => import('../pages/patients/patient/messages/wishes.tsx'), 'MessageWishes'),
});

const accesses = patientPage({
  path: 'accesses',
  component: lazyOf.record(() => import('../pages/patients/patient/accesses.tsx'), 'Accesses'),
});

const family = patientPage({
  path: 'family',
  component: lazy(() => import('../pages/patients/patient/family.tsx'), 'Family'),
});

const duplicates = patientPage({
  path: 'duplicates',
  component: lazy(() => import('../pages/patients/patient/duplicates.tsx'), 'Duplicates'),
});

const data = patientPage({
  path: 'data',
  component: lazy(() => import('../pages/patients/patient/data.tsx'), 'MyData'),
});

const erasure = patientPage({
  path: 'erasure',
  component: lazy(() => import('../pages/patients/patient/erasure.tsx'), 'ErasurePage'),
});

const details = patientPage({
  path: 'details',
  component: lazy(() => import('../pages/patients/patient/details.tsx'), 'Details'),
});

const labels = createRoute({
  getParentRoute: () => patient,
  path: 'labels',
  validateSearch: labelWords,
  component: lazy(() => import('../pages/patients/patient/labels.tsx'), 'Labels'),
});

const chart = patientPage({
  path: 'chart',
  component: lazyOf.record(() => import('../pages/patients/patient/chart.tsx'), 'Chart'),
});

const record = patientPage({
  path: 'record',
  component: lazyOf.record(() => import('../pages/patients/patient/record.tsx'), 'RecordPage'),
});

const readers = patientPage({
  path: 'readers',
  component: lazyOf.record(() => import('../pages/patients/patient/readers.tsx'), 'Readers'),
});

const devices = patientPage({
  path: 'devices',
  component: lazyOf.home(() => import('../pages/patients/patient/devices.tsx'), 'Devices'),
});

const readings = patientPage({
  path: 'readings',
  component: lazyOf.home(() => import('../pages/patients/patient/readings.tsx'), 'ReadingsPage'),
});

const newRule = patientPage({
  path: 'rules/new',
  component: lazyOf.home(() => import('../pages/patients/patient/rules/new.tsx'), 'NewRuleOfPatient'),
});

const alert = patientPage({
  path: 'alerts/$alertId',
  component: lazyOf.home(() => import('../pages/patients/patient/alerts/alert.tsx'), 'AlertPage'),
});

const findPatient = createRoute({
  getParentRoute: () => patients,
  path: '/',
  component: lazy(() => import('../pages/patients/patients.tsx'), 'Patients'),
});

const newPatient = createRoute({
  getParentRoute: () => patients,
  path: 'new',
  component: lazy(() => import('../pages/patients/new.tsx'), 'NewPatient'),
});

const ofBooking = [
  book,
  bookWith,
  bookSeries,
  series,
  appointments,
  appointment,
  move,
  waiting,
  waitingEntry,
  joinWaitingList,
] as const;
const ofRecord = [chart, record, readers, accesses] as const;
const ofHome = [devices, readings, newRule, alert] as const;
const ofPatient = [
  ...ofBooking,
  ...ofRecord,
  ...ofHome,
  messages,
  wishes,
  details,
  labels,
  duplicates,
  family,
  data,
  erasure,
] as const;

/** All about patients: below the id of the one whom it is about. */
export const ofPatients = patients.addChildren([findPatient, newPatient, patient.addChildren(ofPatient)]);
