import { PostgresAuditTrail } from '@cabinet/postgres/audit';
import { startPatient } from '../../services/patient/dist/app.js';
import { readConfig } from '../../services/patient/dist/config.js';

// Runs as a process of its own: the real service on a real database, whose events nobody hears.
// The same service without its trail, to be compared with.
if (process.argv[2] === 'dropped') PostgresAuditTrail.prototype.append = async () => undefined;

const running = await startPatient(readConfig(process.env), {
  publisher: { publish: async () => [], stop: async () => {} },
});
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
console.log(running.port);
