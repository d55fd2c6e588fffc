import { startAppointment } from '../../services/appointment/dist/app.js';
import { readConfig } from '../../services/appointment/dist/config.js';

// Runs as a process of its own: the real service on a real database. Its neighbours are here and answer at once, so that it
// alone is measured: everybody is an active patient, and practitioners are those that the environment names.

const practitioners = new Map(
  (JSON.parse(process.env.BENCH_PRACTITIONERS ?? '[]') as string[][]).map(([id = '', placeId = '', typeId = '']) => [
    id,
    {
      id,
      active: true,
      places: [{ id: placeId, zone: 'Europe/Paris' }],
      appointmentTypes: [{ id: typeId, name: 'Consultation', minutes: 15 }],
    },
  ]),
);

const running = await startAppointment(readConfig(process.env), {
  neighbours: {
    patient: async (id) => ({ id, active: true }),
    patientName: async () => undefined,
    hasDied: async () => false,
    practitioner: async (id) => practitioners.get(id),
    receivingPractitioners: async () => [...practitioners.values()],
    patientsByIdentifier: async () => [],
    practitionerByRpps: async () => undefined,
    isInUse: async () => true,
  },
  publisher: { publish: async () => [], stop: async () => {} },
});
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
console.log(running.port);
