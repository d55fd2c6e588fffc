// Who may import whom. `npm run check` runs it; CONTRIBUTING.md says why.
const rooms = (names) => `^services/([^/]+)/src/(${names})/`;

/**
 * The capabilities of appointment, each of which may know those in front of it.
 * @see services/appointment/README.md
 */
const capabilities = ['time', 'schedule', 'availability', 'booking', 'series', 'absences', 'waiting-list', 'calendars'];
const knowsNoneAfter = (name, nth) => ({
  name: `${name}-knows-none-after-it`,
  comment: `The order of what appointment can do: ${capabilities.join(', ')}.`,
  severity: 'error',
  from: { path: `^services/appointment/src/(api|domain|data)/${name}/` },
  to: { path: `^services/appointment/src/(api|domain|data)/(${capabilities.slice(nth + 1).join('|')})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      comment:
        'Rules can be read and tested with nothing running: they import no other room, no transport, no storage.',
      severity: 'error',
      from: { path: rooms('domain'), pathNot: '\\.test\\.ts$' },
      to: {
        path: [
          '^services/[^/]+/src/(api|data|events|migrations)/',
          '^services/[^/]+/src/(app|main|config)\\.ts$',
          '^packages/contracts/',
          '^packages/(postgres|mongo)/(dist|src)/',
          'node_modules/(express|undici|@dapr|@mikro-orm|@tsoa|tsoa|pg|mongodb|pino)(/|$)',
        ],
      },
    },
    {
      name: 'edges-do-not-touch-data',
      comment: 'api and events translate and call the domain; what they need of data comes through its ports.',
      severity: 'error',
      from: { path: rooms('api|events'), pathNot: '\\.test\\.ts$' },
      to: { path: '^services/[^/]+/src/(data|migrations)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'data-serves-the-domain',
      comment: 'Storage depends on the domain, never on the edges.',
      severity: 'error',
      from: { path: rooms('data|migrations'), pathNot: '\\.test\\.ts$' },
      to: { path: '^services/[^/]+/src/(api|events)/' },
    },
    {
      name: 'rooms-do-not-know-the-root',
      comment: 'app.ts is the one place where the rooms meet; they do not reach back.',
      severity: 'error',
      from: { path: rooms('api|domain|data|events|migrations'), pathNot: '\\.test\\.ts$' },
      to: { path: '^services/[^/]+/src/(app|main|config)\\.ts$' },
    },
    ...capabilities.slice(0, -1).map(knowsNoneAfter),
    {
      name: 'processes-never-import-one-another',
      comment: 'They meet over HTTP and events only.',
      severity: 'error',
      from: { path: '^(services/[^/]+|gateway|registry|portal)/' },
      to: { path: '^(services/[^/]+|gateway|registry|portal)/', pathNot: '^$1/' },
    },
    {
      name: 'the-portal-knows-contracts-only',
      comment:
        'It runs in browsers: of the rest of the platform it knows what the API says, as types, and nothing else.',
      severity: 'error',
      from: { path: '^portal/src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(packages|services|gateway|registry|dev|tools|tests|bench)/', pathNot: '^packages/contracts/' },
    },
    {
      name: 'pages-know-no-page',
      comment: 'What two pages need stands in forms/ or ui/; routes alone know the pages.',
      severity: 'error',
      from: { path: '^portal/src/(pages|forms|ui|agenda|chart|api|session|time|words)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^portal/src/pages/' },
    },
    {
      name: 'components-ask-nobody',
      comment: 'What is about the sign-in, the API, time and words stands below what is shown.',
      severity: 'error',
      from: { path: '^portal/src/(api|time|words)/' },
      to: { path: '^portal/src/(pages|forms|ui|agenda|chart|frame)/' },
    },
    {
      name: 'packages-know-no-process',
      severity: 'error',
      from: { path: '^packages/', pathNot: '\\.test\\.ts$|^packages/[^/]+/test/' },
      to: { path: '^(services|gateway|registry|portal|dev|operations|tools|tests|bench)/' },
    },
    {
      name: 'kit-and-contracts-stand-alone',
      comment: 'Every process has the kit; what only some need stands on top of it.',
      severity: 'error',
      from: { path: '^packages/(kit|contracts)/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/', pathNot: '^packages/$1/' },
    },
    {
      name: 'databases-stand-on-the-service',
      comment:
        'What a service is made of does not know in which database it keeps its state, and databases not each other.',
      severity: 'error',
      from: { path: '^packages/(access|service|postgres|mongo|import|people)/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/(postgres|mongo|import|people|contracts)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'processes-do-not-know-their-platform',
      comment: 'A process runs the same on one machine and on a cluster. (Its tests may use the real databases.)',
      severity: 'error',
      from: { path: '^(services/[^/]+|gateway|registry|packages/[^/]+)/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(dev|operations|tools|tests|bench)/' },
    },
    {
      name: 'the-platform-knows-no-operation',
      comment:
        'It is operations that work on a platform; main.ts alone calls both, a verb each. (A start builds first.)',
      severity: 'error',
      from: { path: '^dev/src/', pathNot: '\\.test\\.ts$|^dev/src/main\\.ts$' },
      to: { path: '^(operations|tests|bench)/' },
    },
    {
      name: 'tools-know-no-platform',
      comment: 'Building needs the declarations and no process that runs: it happens in an image, too.',
      severity: 'error',
      from: { path: '^tools/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(dev|operations|tests|bench)/',
        pathNot:
          '^dev/((cache|verbs)\\.mjs|src/(home|problem|processes|process-secrets|memory-budget|progress|run-file|version)\\.ts)$',
      },
    },
    {
      name: 'operations-need-no-tools',
      comment: 'What an operator runs works on a platform that is built already.',
      severity: 'error',
      from: { path: '^operations/' },
      to: { path: '^(tools|tests|bench)/' },
    },
    {
      name: 'declared-packages-only',
      comment: 'A package that the workspace does not name in its package.json may vanish with the next install.',
      severity: 'error',
      from: { path: '/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { couldNotResolve: true, pathNot: '/generated/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/', '/generated/'] },
    exclude: { path: ['/node_modules/.*/node_modules/', '^tools/templates/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
