// Every verb by the name that it has in package.json, in the order in which help shows them.

/**
 * @typedef {object} Verb
 * @property {'platform' | 'packages' | 'nothing'} needs what the machine must have; `nothing` installs nothing either
 * @property {string} says one line
 * @property {string} [takes] the words after its name
 * @property {Record<string, string>} [options] options and variables, each with what it is for
 * @property {boolean} [passesOn] further words and options are for vitest
 */

const json = { '--json': 'as JSON' };
const starting = {
  '--only NAME,...': 'these processes and what they need',
  '--servers-only': 'databases and Kafka alone',
  '--observability': 'with Prometheus',
  '--no-seed': 'without the demonstration practice, now and at later starts',
};

/** @type {Record<string, Record<string, Verb>>} */
export const groups = {
  Run: {
    start: { needs: 'platform', says: 'start everything, seed it, stop it all on Ctrl-C', options: starting },
    up: { needs: 'platform', says: 'the same in the background; returns when all is ready', options: starting },
    down: { needs: 'nothing', says: 'stop what up or start started' },
    status: { needs: 'nothing', says: 'a table of all processes; exit code 0 when all is well', options: json },
    logs: {
      needs: 'nothing',
      says: 'what the processes wrote',
      takes: '[PROCESS]',
      options: { '-f, --follow': 'go on with what they write' },
    },
    reset: {
      needs: 'packages',
      says: 'stop everything and empty its data',
      options: { '-y, --yes': 'without asking' },
    },
  },
  Operate: {
    import: {
      needs: 'packages',
      says: 'bring in people and appointments from a file; what is refused goes to FILE.refused.csv',
      takes: 'patients|practitioners|appointments FILE.csv',
      options: {
        '--dry-run': 'say what would become of each line, and store nothing',
        '--charset NAME': 'of a file that is not UTF-8: windows-1252 is what spreadsheets on Windows write',
        ...json,
        '--url GATEWAY': 'of a practice that runs elsewhere',
        'CABINET_EMAIL, CABINET_PASSWORD': 'variables: the admin who imports, if not that of the demonstration',
      },
    },
    stream: {
      needs: 'packages',
      says: 'run the rules over readings on Spark, beside what runs, until Ctrl-C',
      options: { '--to-the-end': 'end when everything that is there has been read' },
    },
    backup: { needs: 'packages', says: 'copy all databases', takes: '[FOLDER]' },
    restore: {
      needs: 'packages',
      says: 'put the copies of a backup in the place of what is there',
      takes: 'FOLDER [SERVICE ...]',
      options: { '-y, --yes': 'needed: what is there is lost' },
    },
    'access-table': { needs: 'packages', says: 'print who may see and do what', options: json },
    'verify-audit': {
      needs: 'packages',
      says: 'recompute the chains of the audit trails, and say where one is not what was written',
      options: {
        ...json,
        '--heads FILE': 'keeps how far each trail went, for the next time; best on another machine',
        '--trails FILE': 'of a practice that runs elsewhere: JSON, [{ "service", "url", "keys" }]',
        '--accept WHY': 'tell no more of what is found now, such as a backup that was put back',
      },
    },
    images: {
      needs: 'packages',
      says: 'build the container image of every process, or of some',
      takes: '[PROCESS ...]',
      options: { '--tag TAG': 'latest if not given' },
    },
    'compose-secrets': { needs: 'packages', says: 'write the passwords and tokens that docker-compose.yml needs' },
  },
  Develop: {
    build: { needs: 'packages', says: 'compile what changed' },
    'new-service': {
      needs: 'packages',
      says: 'make a service that builds, runs and is routed, with one resource; docs/add-a-service.md says what is next',
      takes: 'NAME',
      options: { '--mongo': 'with the document store, and not with PostgreSQL' },
    },
    gen: {
      needs: 'packages',
      says: "write each service's openapi.json from its controllers, and what repeats process.json",
      takes: '[SERVICE ...]',
    },
    check: {
      needs: 'packages',
      says: 'types, format and lint, import rules, dead exports, stale openapi.json and derivations',
    },
    'portal:mock': {
      needs: 'packages',
      says: 'serve the portal as it is written, on a mock of the practice that fails on purpose at /mock',
      options: { PORT: 'variable: 5173 if not given' },
    },
    'portal:shots': {
      needs: 'packages',
      says: 'picture every page of the portal, in both languages, light and dark, phone and desk, on one sheet',
      options: { '--out FILE': '.cabinet/portal-shots.png if not given' },
    },
    test: {
      needs: 'platform',
      says: 'build, check and run all tests, or those that the words for vitest name',
      takes: '[WORD ...]',
      passesOn: true,
    },
    'test:dates': {
      needs: 'platform',
      says: 'run rules and services on six dates: in a year, leap day, the clock changes, ...',
      takes: '[TEST ...]',
      options: { '--on DATE': 'on that one alone' },
      passesOn: true,
    },
    'test:rolling': {
      needs: 'platform',
      says: 'replace every process under load; no request may fail',
      passesOn: true,
    },
    'test:kill': {
      needs: 'platform',
      says: 'kill processes at random under steady work, and look whether anything was lost or doubled',
      options: {
        '--kills N': '30 if not given',
        '--seed N': 'the same kills again',
        '--reminders N': 'so many leave while their sender is killed every five seconds; 10000 if not given',
      },
    },
    'test:images': { needs: 'platform', says: 'start every image; needs Docker', passesOn: true },
    'test:compose': {
      needs: 'platform',
      says: 'bring docker-compose.yml up and book in it; needs Docker',
      passesOn: true,
    },
    'test:k8s': {
      needs: 'platform',
      says: 'run the practice on a cluster, and what happens to it there',
      passesOn: true,
    },
    'test:keycloak': {
      needs: 'platform',
      says: 'sign in by a real Keycloak, which is fetched when it is missing',
      passesOn: true,
    },
    'test:browsers': {
      needs: 'platform',
      says: 'use the portal in Firefox and in WebKit, which are fetched when they are missing',
      passesOn: true,
    },
    simulate: {
      needs: 'packages',
      says: 'let patients measure at home: pair devices with them, and send what these measured in the days until now',
      options: {
        '--patients N': '20 if not given',
        '--days N': '30 if not given',
        '--seed N': 'other people, and other chance; 1 if not given, and the same seed sends the same again',
        '--live': 'go on with what they measure from now on, until it is stopped',
        ...json,
        '--url GATEWAY': 'of a practice that runs elsewhere',
        'CABINET_EMAIL, CABINET_PASSWORD':
          'variables: the secretary who pairs devices, if not that of the demonstration',
      },
    },
    bench: {
      needs: 'platform',
      says: 'measure speed and memory beside peers',
      takes: '[access|alerts|registry|gateway|portal|appointments|audit|notification|readings|sign-in|stream]',
      options: json,
    },
  },
};

/** @param {string} name @returns {Verb | undefined} */
export const verbCalled = (name) => Object.values(groups).find((verbs) => Object.hasOwn(verbs, name))?.[name];

/** What all verbs do, a line each. */
export function help() {
  const width = Math.max(...Object.values(groups).flatMap((verbs) => Object.keys(verbs).map(({ length }) => length)));
  return [
    'Cabinet on one machine: npm run VERB    (npm start and npm test need no "run")',
    ...Object.entries(groups).flatMap(([group, verbs]) => [
      `\n${group}`,
      ...Object.entries(verbs).map(([name, { says }]) => `  ${name.padEnd(width)}  ${says}`),
    ]),
    '\nnpm run VERB -- --help says more of one. Ports, folders and other settings: dev/README.md',
  ].join('\n');
}

/** @param {string} name @param {Verb} verb */
export function helpOf(name, { says, takes, options = {} }) {
  const npm = ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`;
  const flags = Object.keys(options).filter((option) => option.startsWith('-'));
  const words = [takes, ...flags.map((option) => `[${option.split(', ').at(-1)}]`)].filter(Boolean).join(' ');
  const width = Math.max(...Object.keys(options).map(({ length }) => length));
  return [
    `${words ? `${npm} -- ${words}` : npm}`,
    `  ${says}`,
    ...(flags.length > 0 ? [''] : []),
    ...Object.entries(options).map(([option, what]) => `  ${option.padEnd(width)}  ${what}`),
  ].join('\n');
}
