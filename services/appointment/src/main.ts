import { runProcess } from '@cabinet/kit/lifecycle';
import { startAppointment } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startAppointment(readConfig(process.env)));
