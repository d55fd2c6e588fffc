import { runProcess } from '@cabinet/kit/lifecycle';
import { startPractitioner } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startPractitioner(readConfig(process.env)));
