import { createRoute, createRouter } from '@tanstack/react-router';
import { Home } from './pages/home.tsx';
import { PageFailed } from './pages/page-failed.tsx';
import { SignedIn } from './pages/signed-in.tsx';
import { ofAdministration } from './routes/administration.tsx';
import { lazy, lazyOf } from './routes/lazy.ts';
import { ofMessages } from './routes/messages.tsx';
import { ofPatients } from './routes/patients.tsx';
import { page, people, root } from './routes/people.tsx';
import { agendaWords, words } from './search-words.ts';

/**
 * Every address of the portal, each with the page that it shows. A page is loaded when somebody goes to it; its file stands in
 * `pages/` where its address says. Those about patients, messages and what administrators look after are in `routes/`. Links are typed by this table: one to an address that is not in it does not compile.
 */

const signedIn = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  component: SignedIn,
});

const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  component: lazy(() => import('./pages/register.tsx'), 'Register'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazy(() => import('./pages/invitation.tsx'), 'AcceptInvitation'),
});

const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  component: lazy(() => import('./pages/password.tsx'), 'Password'),
});

/** Nothing but where to go on: loaded with all others, since every visit begins here. */
const home = page({ path: '/', component: Home });
const account = page({ path: '/account', component: lazy(() => import('./pages/account.tsx'), 'Account') });

const registrations = page({
  path: '/registrations',
  component: lazy(() => import('./pages/registrations.tsx'), 'Registrations'),
});

const agendas = createRoute({
  getParentRoute: () => people,
  path: '/agendas',
  validateSearch: agendaWords,
  component: lazy(() => import('./pages/agendas.tsx'), 'Agendas'),
});

const waitingRoom = createRoute({
  getParentRoute: () => people,
  path: '/waiting-room',
  validateSearch: words('who'),
  component: lazy(() => import('./pages/waiting-room.tsx'), 'WaitingRoom'),
});

const dayList = createRoute({
  getParentRoute: () => people,
  path: '/agendas/print',
  validateSearch: agendaWords,
  component: lazy(() => import('./pages/agendas/print.tsx'), 'DayListPage'),
});

const glance = createRoute({
  getParentRoute: () => people,
  path: '/agendas/glance',
  validateSearch: agendaWords,
  component: lazy(() => import('./pages/agendas/glance.tsx'), 'Glance'),
});

const waitingList = createRoute({
  getParentRoute: () => people,
  path: '/waiting-list',
  validateSearch: words('who', 'place'),
  component: lazy(() => import('./pages/waiting-list.tsx'), 'WaitingListPage'),
});

const alerts = page({ path: '/alerts', component: lazyOf.home(() => import('./pages/alerts/alerts.tsx'), 'Alerts') });

const questions = page({
  path: '/alerts/questions',
  component: lazyOf.home(() => import('./pages/alerts/questions.tsx'), 'Questions'),
});

const rules = page({
  path: '/alert-rules',
  component: lazyOf.home(() => import('./pages/alert-rules/rules.tsx'), 'Rules'),
});
const newRule = page({
  path: '/alert-rules/new',
  component: lazyOf.home(() => import('./pages/alert-rules/new.tsx'), 'NewRule'),
});
const rule = page({
  path: '/alert-rules/$ruleId',
  component: lazyOf.home(() => import('./pages/alert-rules/rule.tsx'), 'RulePage'),
});

const schedules = page({
  path: '/schedules',
  component: lazy(() => import('./pages/schedules/schedules.tsx'), 'Schedules'),
});

const schedule = page({
  path: '/schedules/$practitionerId',
  component: lazy(() => import('./pages/schedules/schedule.tsx'), 'SchedulePage'),
});

const practitioners = createRoute({
  getParentRoute: () => people,
  path: '/practitioners',
  validateSearch: words('q', 'gone'),
  component: lazy(() => import('./pages/practitioners/practitioners.tsx'), 'Practitioners'),
});

const newPractitioner = page({
  path: '/practitioners/new',
  component: lazy(() => import('./pages/practitioners/new.tsx'), 'NewPractitioner'),
});

const practitioner = page({
  path: '/practitioners/$practitionerId',
  component: lazy(() => import('./pages/practitioners/practitioner.tsx'), 'PractitionerPage'),
});

const resources = page({ path: '/resources', component: lazy(() => import('./pages/resources.tsx'), 'Resources') });

const calendars = page({
  path: '/calendars/$practitionerId',
  component: lazy(() => import('./pages/calendars/calendars.tsx'), 'Calendars'),
});

const googleCalendar = createRoute({
  getParentRoute: () => people,
  path: '/calendars/google',
  validateSearch: words('state', 'code'),
  component: lazy(() => import('./pages/calendars/google.tsx'), 'GoogleCalendar'),
});

const today = page({ path: '/today', component: lazy(() => import('./pages/today.tsx'), 'Today') });
const delegations = page({
  path: '/delegations',
  component: lazy(() => import('./pages/delegations.tsx'), 'Delegations'),
});
/** Every component in every state, for those who make pages. */
const forMakers = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => root,
        path: '/style',
        component: lazy(() => import('./pages/style.tsx'), 'Style'),
      }),
    ]
  : [];

const ofDesks = [
  agendas,
  waitingRoom,
  dayList,
  glance,
  waitingList,
  schedules,
  schedule,
  practitioners,
  newPractitioner,
  practitioner,
  resources,
  calendars,
  googleCalendar,
  today,
  delegations,
  registrations,
  ...([alerts, questions, rules, newRule, rule] as const),
] as const;

const tree = root.addChildren([
  signedIn,
  register,
  invitation,
  password,
  ...forMakers,
  people.addChildren([home, account, ...ofDesks, ...ofMessages, ...ofAdministration, ofPatients]),
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
