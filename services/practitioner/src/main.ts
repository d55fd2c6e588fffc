import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startPractitioner } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startPractitioner(readConfig(await withSecrets('practitioner', process.env))));
