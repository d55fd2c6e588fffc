import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startPatient } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startPatient(readConfig(await withSecrets('patient', process.env))));
