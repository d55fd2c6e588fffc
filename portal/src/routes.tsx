import type { RouteComponent } from '@tanstack/react-router';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { PatientFrame } from './frame/patient-frame.tsx';
import { NotFound } from './pages/not-found.tsx';
import { PageFailed } from './pages/page-failed.tsx';
import { agendaWords, words } from './search-words.ts';

/**
 * Every address of the portal, each with the page that it shows. A page is loaded when somebody goes to it; its file stands in
 * `pages/` where its address says. Links are typed by this table: one to an address that is not in it does not compile.
 */

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signedIn = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  component: lazyRouteComponent(() => import('./pages/signed-in.tsx'), 'SignedIn'),
});

const people = createRoute({ getParentRoute: () => root, id: 'signed-in-people', component: Frame });

/** A page whose address says nothing but which page it is, and perhaps of what. */
const page = <const P extends string>({ path, component }: { path: P; component: RouteComponent }) =>
  createRoute({ getParentRoute: () => people, path, component });

const home = page({ path: '/', component: lazyRouteComponent(() => import('./pages/home.tsx'), 'Home') });

const account = page({
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'Account'),
});

const patients = createRoute({ getParentRoute: () => people, path: '/patients' });

const patient = createRoute({ getParentRoute: () => patients, path: '$patientId', component: PatientFrame });

/** A page about the patient in the address. */
const patientPage = <const P extends string>({ path, component }: { path: P; component: RouteComponent }) =>
  createRoute({ getParentRoute: () => patient, path, component });

const book = createRoute({
  getParentRoute: () => patient,
  path: 'book',
  validateSearch: words('q', 'place'),
  component: lazyRouteComponent(
    () => import('./pages/patients/patient/book/find-practitioner.tsx'),
    'FindPractitioner',
  ),
});

const bookWith = createRoute({
  getParentRoute: () => patient,
  path: 'book/$practitionerId',
  validateSearch: words('type'),
  component: lazyRouteComponent(() => import('./pages/patients/patient/book/choose-time.tsx'), 'ChooseTime'),
});

const bookSeries = createRoute({
  getParentRoute: () => patient,
  path: 'book/$practitionerId/series',
  validateSearch: words('type'),
  component: lazyRouteComponent(() => import('./pages/patients/patient/book/series.tsx'), 'ChooseSeries'),
});

const series = createRoute({
  getParentRoute: () => patient,
  path: 'series/$seriesId',
  validateSearch: words('moved', 'from', 'count'),
  component: lazyRouteComponent(() => import('./pages/patients/patient/series.tsx'), 'SeriesPage'),
});

const appointments = patientPage({
  path: 'appointments',
  component: lazyRouteComponent(() => import('./pages/patients/patient/appointments/appointments.tsx'), 'Appointments'),
});

const appointment = patientPage({
  path: 'appointments/$appointmentId',
  component: lazyRouteComponent(
    () => import('./pages/patients/patient/appointments/appointment.tsx'),
    'AppointmentPage',
  ),
});

const move = patientPage({
  path: 'appointments/$appointmentId/move',
  component: lazyRouteComponent(() => import('./pages/patients/patient/appointments/move.tsx'), 'MoveAppointment'),
});

const waiting = patientPage({
  path: 'waiting',
  component: lazyRouteComponent(() => import('./pages/patients/patient/waiting/waiting.tsx'), 'WaitingPage'),
});

const waitingEntry = patientPage({
  path: 'waiting/$waitingId',
  component: lazyRouteComponent(() => import('./pages/patients/patient/waiting/entry.tsx'), 'WaitingEntry'),
});

const joinWaitingList = createRoute({
  getParentRoute: () => patient,
  path: 'waiting/join/$practitionerId',
  validateSearch: words('type', 'replaces'),
  component: lazyRouteComponent(() => import('./pages/patients/patient/waiting/join.tsx'), 'JoinWaitingList'),
});

const accesses = patientPage({
  path: 'accesses',
  component: lazyRouteComponent(() => import('./pages/patients/patient/accesses.tsx'), 'Accesses'),
});

const data = patientPage({
  path: 'data',
  component: lazyRouteComponent(() => import('./pages/patients/patient/data.tsx'), 'MyData'),
});

const erasure = patientPage({
  path: 'erasure',
  component: lazyRouteComponent(() => import('./pages/patients/patient/erasure.tsx'), 'ErasurePage'),
});

const details = patientPage({
  path: 'details',
  component: lazyRouteComponent(() => import('./pages/patients/patient/details.tsx'), 'Details'),
});

const chart = patientPage({
  path: 'chart',
  component: lazyRouteComponent(() => import('./pages/patients/patient/chart.tsx'), 'Chart'),
});

const findPatient = createRoute({
  getParentRoute: () => patients,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/patients/patients.tsx'), 'Patients'),
});

const agendas = createRoute({
  getParentRoute: () => people,
  path: '/agendas',
  validateSearch: agendaWords,
  component: lazyRouteComponent(() => import('./pages/agendas.tsx'), 'Agendas'),
});

const waitingList = createRoute({
  getParentRoute: () => people,
  path: '/waiting-list',
  validateSearch: words('who', 'place'),
  component: lazyRouteComponent(() => import('./pages/waiting-list.tsx'), 'WaitingListPage'),
});

const schedules = page({
  path: '/schedules',
  component: lazyRouteComponent(() => import('./pages/schedules/schedules.tsx'), 'Schedules'),
});

const schedule = page({
  path: '/schedules/$practitionerId',
  component: lazyRouteComponent(() => import('./pages/schedules/schedule.tsx'), 'SchedulePage'),
});

const calendars = page({
  path: '/calendars/$practitionerId',
  component: lazyRouteComponent(() => import('./pages/calendars/calendars.tsx'), 'Calendars'),
});

const googleCalendar = createRoute({
  getParentRoute: () => people,
  path: '/calendars/google',
  validateSearch: words('state', 'code'),
  component: lazyRouteComponent(() => import('./pages/calendars/google.tsx'), 'GoogleCalendar'),
});

const today = page({ path: '/today', component: lazyRouteComponent(() => import('./pages/today.tsx'), 'Today') });
const users = page({ path: '/users', component: lazyRouteComponent(() => import('./pages/users.tsx'), 'Users') });
const audit = page({ path: '/audit', component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'Audit') });

const deadLetters = page({
  path: '/dead-letters',
  component: lazyRouteComponent(() => import('./pages/dead-letters.tsx'), 'DeadLetters'),
});

const emergencies = page({
  path: '/emergencies',
  component: lazyRouteComponent(() => import('./pages/emergencies.tsx'), 'Emergencies'),
});

const erasures = page({
  path: '/erasures',
  component: lazyRouteComponent(() => import('./pages/erasures.tsx'), 'Erasures'),
});

const system = page({ path: '/system', component: lazyRouteComponent(() => import('./pages/system.tsx'), 'System') });

/** Every component in every state, for those who make pages. */
const forMakers = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => root,
        path: '/style',
        component: lazyRouteComponent(() => import('./pages/style.tsx'), 'Style'),
      }),
    ]
  : [];

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
const ofPatient = [...ofBooking, accesses, details, data, erasure, chart] as const;
const ofDesks = [agendas, waitingList, schedules, schedule, calendars, googleCalendar, today] as const;
const ofAdmins = [users, audit, deadLetters, emergencies, erasures, system] as const;

const tree = root.addChildren([
  signedIn,
  ...forMakers,
  people.addChildren([
    home,
    account,
    ...ofDesks,
    ...ofAdmins,
    patients.addChildren([findPatient, patient.addChildren(ofPatient)]),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
