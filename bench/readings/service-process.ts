import { startWearable } from '../../services/wearable/dist/app.js';
import { readConfig } from '../../services/wearable/dist/config.js';

// Runs as a process of its own: the real service on a real database. What it has to tell is taken by nobody, at once, so that it
// alone is measured.
const running = await startWearable(readConfig(process.env), {
  relations: { between: async () => 'none' },
  publisher: { publish: async () => [], stop: async () => {} },
});
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
console.log(running.port);
