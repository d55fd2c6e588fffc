import { parseArgs } from 'node:util';
import { bringArtifacts } from './artifacts.ts';
import { startPlatform, supervise } from './background.ts';
import { Home } from './home.ts';
import { showLogs } from './logs.ts';
import { Platform } from './platform.ts';
import { Problem } from './problem.ts';
import { withNeeded } from './processes.ts';
import { Progress, ProgressDisplay } from './progress.ts';
import { reset } from './reset.ts';
import { defaultRunOptions, type RunOptions, runPlatform } from './run-platform.ts';
import { endLeftovers, stopStart } from './state.ts';
import { platformStatus, showStatus, welcome } from './status.ts';
import { stopSignals } from './stop-signals.ts';

/** Each verb resolves to its exit code. Verbs with much behind them load it when they are asked for. */
const verbs: Record<string, (args: string[]) => Promise<number>> = {
  async start(args) {
    const display = new ProgressDisplay();
    const progress = new Progress(display.show);
    const stopped = stopSignals();
    const options = { ...defaultRunOptions, ...runOptions(args) };
    const running = await runPlatform(new Home(), options, progress, stopped.signal);
    progress.say(await welcome(running.platform, options.serversOnly));
    progress.say('\nCtrl-C stops everything.');
    await stopped.whenAborted;
    progress.say('\nStopping ...');
    await running.stop();
    return 0;
  },

  async up(args) {
    const options = runOptions(args);
    const running = Platform.running();
    if (running?.isReady) {
      if (options.observability && !running.prometheusUrl)
        throw new Problem('Cabinet is already running, without Prometheus: npm run down stops it.');
      if (!options.serversOnly && !running.processes().some(({ kind }) => kind === 'app'))
        throw new Problem('The servers alone are running (--servers-only): npm run down stops them.');
      const names = running.processes().map(({ name }) => name);
      const others = options.only?.filter((name) => !names.includes(name)) ?? [];
      if (others.length > 0)
        throw new Problem(`Cabinet is already running, and ${others.join(', ')} is not in it: npm run down first.`);
      console.log(`Cabinet is already running (process ${running.supervisorPid}); npm run status shows it.`);
      return 0;
    }
    const display = new ProgressDisplay();
    const stopped = stopSignals();
    try {
      const platform = await startPlatform(options, display.show, stopped.signal);
      console.log(await welcome(platform, options.serversOnly));
      console.log('\nIt runs in the background; npm run down stops it.');
      return 0;
    } finally {
      display.stop();
    }
  },

  async supervise([options = '{}']) {
    await supervise(JSON.parse(options));
    return process.exitCode === 1 ? 1 : 0;
  },

  async down() {
    const home = new Home();
    const platform = Platform.running(home);
    if (platform) {
      const display = new ProgressDisplay();
      await new Progress(display.show).step('stop everything', () => platform.down());
      return 0;
    }
    if (await stopStart(home, new Progress(new ProgressDisplay().show))) return 0;
    const left = await endLeftovers(home);
    console.log(
      left.length > 0 ? `An earlier run was killed; ended what it left: ${left.join(', ')}` : 'Cabinet is not running.',
    );
    return 0;
  },

  async status(args) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
    const status = await platformStatus(new Home());
    if (values.json) console.log(JSON.stringify(status, null, 2));
    else showStatus(status);
    return status.ready ? 0 : 1;
  },

  async logs(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { follow: { type: 'boolean', short: 'f', default: false } },
    });
    await showLogs(new Home(), positionals[0], values.follow, stopSignals().signal);
    return 0;
  },

  async reset(args) {
    const { values } = parseArgs({ args, options: { yes: { type: 'boolean', short: 'y', default: false } } });
    return reset(new Home(), values.yes);
  },

  async backup([folder]) {
    const { backUp } = await import('../../operations/src/backup.ts');
    const made = await backUp(running(), new Progress(new ProgressDisplay().show), folder, stopSignals().signal);
    console.log(`The backup is in ${made}. It holds all that the practice knows: encrypt it, and keep it elsewhere.`);
    return 0;
  },

  async restore(args) {
    const options = { yes: { type: 'boolean', short: 'y', default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [folder, ...services] = positionals;
    if (!folder) throw new Problem('usage: npm run restore -- FOLDER [service ...] --yes');
    if (!values.yes) throw new Problem('restore puts older data in the place of what is there: say so with --yes.');
    const { restore } = await import('../../operations/src/restore.ts');
    await restore(running(), new Progress(new ProgressDisplay().show), folder, services, stopSignals().signal);
    return 0;
  },

  async stream(args) {
    const { runStream } = await import('./run-stream.ts');
    return runStream(running(), args, stopSignals().signal);
  },

  async import(args) {
    const { importFile } = await import('./import.ts');
    return importFile(args);
  },

  async simulate(args) {
    const { simulate } = await import('./simulate/index.ts');
    return simulate(args);
  },

  async 'verify-audit'(args) {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: 'boolean', default: false },
        heads: { type: 'string' },
        trails: { type: 'string' },
        accept: { type: 'string' },
      },
    });
    const { verifyAudit } = await import('../../operations/src/verify-audit.ts');
    return verifyAudit(values);
  },

  async 'access-table'(args) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
    const { buildPackages } = await import('../../tools/src/build.ts');
    const { accessPage, accessResources } = await import('../../tools/src/access.ts');
    await buildPackages();
    console.log(values.json ? JSON.stringify(await accessResources(), null, 2) : (await accessPage()).text);
    return 0;
  },

  async build() {
    const { buildAll } = await import('../../tools/src/build.ts');
    await buildAll(new Progress(new ProgressDisplay().show));
    return 0;
  },

  async check() {
    const { buildAll } = await import('../../tools/src/build.ts');
    const { runChecks } = await import('../../tools/src/check.ts');
    await buildAll(new Progress(new ProgressDisplay().show));
    const failed = await runChecks();
    if (failed.length > 0) console.error(`cabinet: ${failed.length} of the checks failed.`);
    return failed.length > 0 ? 1 : 0;
  },

  async test(args) {
    const { runTests } = await import('./run-tests.ts');
    return runTests(args);
  },

  async 'test:kill'(args) {
    const random = String(Math.floor(Math.random() * 1_000_000));
    const options = {
      kills: { type: 'string', default: '30' },
      seed: { type: 'string', default: random },
      reminders: { type: 'string', default: '10000' },
    } as const;
    const { values } = parseArgs({ args, options });
    const { kills, seed, reminders } = values;
    if (![kills, seed, reminders].every((text) => /^\d{1,9}$/.test(text)))
      throw new Problem('--kills, --seed and --reminders take whole numbers.');
    console.log(`npm run test:kill -- --kills ${kills} --seed ${seed} --reminders ${reminders}   does the same again`);
    Object.assign(process.env, { CABINET_KILLS: kills, CABINET_SEED: seed, CABINET_REMINDERS: reminders });
    return testProject('kill', []);
  },

  'test:images': (args) => testProject('images', args),
  'test:compose': (args) => testProject('compose', args),
  'test:k8s': (args) => testProject('k8s', args),
  'test:browsers': (args) => testProject('browsers', args),
  'test:keycloak': (args) => testProject('keycloak', args),
  'test:rolling': (args) => testProject('rolling', args),

  async 'test:dates'(args) {
    const { runTestsOnDates } = await import('./test-dates.ts');
    return runTestsOnDates(args);
  },

  async images(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { tag: { type: 'string', default: 'latest' } },
    });
    const { buildImages } = await import('../../tools/src/images.ts');
    await buildImages(new Progress(new ProgressDisplay().show), positionals, values.tag);
    return 0;
  },

  async 'compose-secrets'() {
    const { writeComposeSecrets } = await import('../../operations/src/compose-secrets.ts');
    const written = writeComposeSecrets(new Home());
    console.log(written.length > 0 ? `Written: ${written.join(', ')}` : 'All are there already.');
    return 0;
  },

  async bench(args) {
    const options = { json: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { runBench, runBenchOf } = await import('../../bench/run.ts');
    return positionals[0] ? runBenchOf(positionals[0], values.json) : runBench(values.json);
  },

  async 'portal:mock'() {
    const stopped = stopSignals();
    const { serveMock } = await import('../../portal/mock/main.ts');
    const { buildPackages } = await import('../../tools/src/build.ts');
    await buildPackages();
    const mock = await serveMock(Number(process.env.PORT ?? 5173));
    console.log(`The portal on a mock of the practice: ${mock.address}`);
    console.log(`What is to go wrong:                  ${mock.address}/mock`);
    await stopped.whenAborted;
    await mock.stop();
    return 0;
  },

  async 'portal:shots'(args) {
    const { values } = parseArgs({ args, options: { out: { type: 'string', default: '.cabinet/portal-shots.png' } } });
    const { makeSheet } = await import('../../portal/browser/shots.ts');
    const { chromium } = await bringArtifacts(new Progress(new ProgressDisplay().show), ['chromium']);
    console.log(`Look at it: ${await makeSheet(chromium, values.out)}`);
    return 0;
  },

  async 'new-service'(args) {
    const options = { mongo: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [name] = positionals;
    if (!name) throw new Problem('usage: npm run new-service -- NAME [--mongo]');
    const { makeService } = await import('../../tools/src/new-service.ts');
    const progress = new Progress(new ProgressDisplay().show);
    progress.say(await makeService(progress, name, values.mongo ? 'mongo' : 'postgres'));
    return 0;
  },

  async gen(args) {
    const { generateSpecifications } = await import('../../tools/src/gen.ts');
    await generateSpecifications(new Progress(new ProgressDisplay().show), args);
    return 0;
  },
};

/** Tests that are no part of `npm test`. */
async function testProject(name: string, args: string[]): Promise<number> {
  const { runTests } = await import('./run-tests.ts');
  return runTests(['--project', name, ...args]);
}

function running(): Platform {
  const platform = Platform.running();
  if (!platform?.isReady) throw new Problem('Cabinet is not running: npm run up starts it.');
  return platform;
}

function runOptions(args: string[]): Pick<RunOptions, 'serversOnly' | 'only' | 'observability' | 'seed'> {
  const { values } = parseArgs({
    args,
    options: {
      'servers-only': { type: 'boolean', default: false },
      only: { type: 'string' },
      observability: { type: 'boolean', default: false },
      'no-seed': { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',').flatMap((name) => name.trim() || []);
  if (only?.length === 0) throw new Problem('--only needs the name of a process.');
  if (only) withNeeded(only);
  return { serversOnly: values['servers-only'], only, observability: values.observability, seed: !values['no-seed'] };
}

// Output into a pipe that was closed (`npm start | head`) ends nothing.
process.stdout.on('error', () => undefined);

try {
  const [verb = '', ...args] = process.argv.slice(2);
  const run = verbs[verb];
  if (!run) throw new Problem(`there is no verb "${verb}" yet.`);
  process.exitCode = await run(args);
} catch (error) {
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (error instanceof Problem || isUsage) {
    for (const line of (error as Error).message.split('\n')) console.error(`cabinet: ${line}`);
  } else console.error(error);
  process.exitCode = 1;
}
