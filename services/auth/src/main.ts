import { runProcess } from '@cabinet/kit/lifecycle';
import { startAuth } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startAuth(readConfig(process.env)));
