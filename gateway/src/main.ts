import cluster from 'node:cluster';
import { runProcess } from '@cabinet/kit/lifecycle';
import { readConfig } from './config.js';

await runProcess(
  async () => {
    const config = readConfig();
    // Only what is needed is loaded: a process that just looks after others can be small.
    if (config.WORKERS > 1 && cluster.isPrimary) {
      return (await import('./workers/start-workers.js')).startWorkers(config);
    }
    return (await import('./app.js')).startGateway(config);
  },
  { staysWarm: true },
);
