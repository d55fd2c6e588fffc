import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startAlert } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startAlert(readConfig(await withSecrets('alert', process.env))));
