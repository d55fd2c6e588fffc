import { runProcess } from '@cabinet/kit/lifecycle';
import { startRegistry } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startRegistry(readConfig()));
