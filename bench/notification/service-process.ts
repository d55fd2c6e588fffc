import { startNotification } from '../../services/notification/dist/app.js';
import { readConfig } from '../../services/notification/dist/config.js';
import { addressOf, appointmentTypeId, numberOf, patientId, placeId, practitionerId, startOf } from './people.ts';

// Runs as a process of its own: the real service on a real database, with a real connection to a mail server. Its neighbours are here
// and answer at once, and what it has to tell is taken by nobody, so that it alone is measured.
const firstDay = Number(process.env.BENCH_FIRST_DAY);
const name = { familyName: 'Lefèvre', givenNames: ['Claire'] };

const running = await startNotification(readConfig(process.env), {
  neighbours: {
    visit: async (id) => {
      const n = numberOf(id);
      const start = startOf(n, firstDay);
      return {
        ...{ id, version: 1, status: 'booked', patientId: patientId(n), practitionerId, appointmentTypeId, placeId },
        ...{ start, end: new Date(start.getTime() + 900_000), zone: 'Europe/Paris', keptFromGuardians: false },
      };
    },
    // Nobody presses a link here.
    mayAnswer: async () => undefined,
    answer: async () => 'done',
    person: async (id) => ({
      id,
      active: true,
      hasDied: false,
      ...name,
      emails: [addressOf(numberOf(id))],
      phones: [],
    }),
    practitioner: async () => ({ name: 'Alice Bernard', places: [{ id: placeId, name: 'Cabinet des Lilas' }] }),
    code: async () => undefined,
    colleague: async () => undefined,
    alertCall: async () => undefined,
    bookedVisits: async function* () {
      yield [];
    },
  },
  publisher: { publish: async () => [], stop: async () => {} },
  lookEveryMs: 250,
});
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
console.log(running.port);
