import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startWearable } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startWearable(readConfig(await withSecrets('wearable', process.env))));
