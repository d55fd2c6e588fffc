import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startNotification } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startNotification(readConfig(await withSecrets('notification', process.env))));
