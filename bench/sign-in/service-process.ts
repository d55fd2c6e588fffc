import { startAuth } from '../../services/auth/dist/app.js';
import { readConfig } from '../../services/auth/dist/config.js';

// Runs as a process of its own: the real service on a real database, whose events nobody hears.
const running = await startAuth(readConfig(process.env), {
  publisher: { publish: async () => [], stop: async () => {} },
});
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
console.log(running.port);
