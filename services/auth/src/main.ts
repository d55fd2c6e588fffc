import { runProcess } from '@cabinet/kit';
import { startAuth } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startAuth(readConfig(process.env)));
