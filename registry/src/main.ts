import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startRegistry } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startRegistry(readConfig(await withSecrets('registry', process.env))));
