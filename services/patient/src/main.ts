import { runProcess } from '@cabinet/kit/lifecycle';
import { startPatient } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startPatient(readConfig(process.env)));
