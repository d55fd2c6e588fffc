import { runProcess } from '@cabinet/kit';
import { startPractitioner } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startPractitioner(readConfig(process.env)));
