import { lazyOf } from './lazy.ts';
import { page } from './people.tsx';

const users = page({
  path: '/users',
  component: lazyOf.administration(() => import('../pages/users/users.tsx'), 'Users'),
});
const newUser = page({
  path: '/users/new',
  component: lazyOf.administration(() => import('../pages/users/new.tsx'), 'NewUser'),
});
const user = page({
  path: '/users/$userId',
  component: lazyOf.administration(() => import('../pages/users/user.tsx'), 'UserPage'),
});
const audit = page({ path: '/audit', component: lazyOf.administration(() => import('../pages/audit.tsx'), 'Audit') });

const deadLetters = page({
  path: '/dead-letters',
  component: lazyOf.administration(() => import('../pages/dead-letters.tsx'), 'DeadLetters'),
});

const emergencies = page({
  path: '/emergencies',
  component: lazyOf.administration(() => import('../pages/emergencies.tsx'), 'Emergencies'),
});

const unusualAccesses = page({
  path: '/unusual-accesses',
  component: lazyOf.administration(() => import('../pages/unusual-accesses.tsx'), 'UnusualAccesses'),
});

const erasures = page({
  path: '/erasures',
  component: lazyOf.administration(() => import('../pages/erasures.tsx'), 'Erasures'),
});
const imports = page({
  path: '/imports',
  component: lazyOf.administration(() => import('../pages/imports.tsx'), 'Imports'),
});
const settings = page({
  path: '/settings',
  component: lazyOf.administration(() => import('../pages/settings.tsx'), 'Settings'),
});
const alertWatch = page({
  path: '/alert-watch',
  component: lazyOf.home(() => import('../pages/alert-watch.tsx'), 'AlertWatch'),
});
const system = page({
  path: '/system',
  component: lazyOf.administration(() => import('../pages/system.tsx'), 'System'),
});

/** What administrators look after. */
export const ofAdministration = [
  users,
  newUser,
  user,
  audit,
  deadLetters,
  emergencies,
  unusualAccesses,
  erasures,
  imports,
  settings,
  alertWatch,
  system,
] as const;
