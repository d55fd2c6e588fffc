import { runProcess } from '@cabinet/kit';
import { startAppointment } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startAppointment(readConfig(process.env)));
