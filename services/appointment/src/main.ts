import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startAppointment } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startAppointment(readConfig(await withSecrets('appointment', process.env))));
