import { runProcess } from '@cabinet/kit/lifecycle';
import { startRecord } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startRecord(readConfig(process.env)));
