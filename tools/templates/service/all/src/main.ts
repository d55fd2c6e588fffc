import { runProcess } from '@cabinet/kit/lifecycle';
import { startSomeThing } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startSomeThing(readConfig(process.env)));
