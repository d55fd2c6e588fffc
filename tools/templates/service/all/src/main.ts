import { runProcess } from '@cabinet/kit/lifecycle';
import { withSecrets } from '@cabinet/kit/secrets';
import { startSomeThing } from './app.js';
import { readConfig } from './config.js';

await runProcess(async () => startSomeThing(readConfig(await withSecrets('some-thing', process.env))));
