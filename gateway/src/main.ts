import { runProcess } from '@cabinet/kit';
import { startGateway } from './app.js';
import { readConfig } from './config.js';

await runProcess(() => startGateway(readConfig()));
