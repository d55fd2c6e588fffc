import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startAuth } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startAuth(readConfig(await withSecrets('auth', process.env))));
