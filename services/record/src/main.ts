import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startRecord } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startRecord(readConfig(await withSecrets('record', process.env))));
