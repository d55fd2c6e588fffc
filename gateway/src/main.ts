import cluster from 'node:cluster';
import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { readConfig } from './config.js';

await runProcess(
  async () => {
    const config = readConfig(await withSecrets('gateway', process.env));
    // Only what is needed is loaded: a process that just looks after others can be small.
    const looksAfterOthers = config.WORKERS > 1 && cluster.isPrimary;
    if (looksAfterOthers) return (await import('./workers/start-workers.js')).startWorkers(config);
    return (await import('./app.js')).startGateway(config);
  },
  { staysWarm: true },
);
