// Runs in a pod where the ingress would be: a steady load on the gateway. Tells each second, in a line, what came of it.
import { setTimeout as delay } from 'node:timers/promises';
import { caller, until } from '../http.ts';
import { type LoadedPractice, SteadyLoad, unhurried } from '../steady-load.ts';

export interface Told extends Pick<SteadyLoad, 'answered' | 'failures' | 'slowest'> {
  /** How many; of them only the first are in `failures`, since a long line of a log arrives in pieces. */
  failed: number;
}

const { GATEWAY = '', PASSWORD = '', PRACTICE = '' } = process.env;
const practice: Pick<LoadedPractice, 'bookings' | 'record'> = JSON.parse(PRACTICE);
const office = { email: 'secretary@cabinet.test', password: PASSWORD };
const doctor = { email: 'dr.bernard@cabinet.test', password: PASSWORD };

const authorizations = new Map<object, string>();
const authorizationOf = (person: object) => authorizations.get(person) ?? '';

/** Tokens last ten minutes; a load may last longer. */
async function signIn(person: object): Promise<void> {
  const signedIn = async () => {
    const answer = await caller(GATEWAY)('POST', '/api/auth/login', person);
    if (answer.status === 200) authorizations.set(person, `Bearer ${answer.body.accessToken}`);
    return answer.status === 200;
  };
  // While it cannot be had, no oftener than the gateway allows.
  await until(signedIn, 120_000, 5_000);
}

const signInAll = () => Promise.all([office, doctor].map(signIn));
await signInAll();
setInterval(signInAll, 240_000);

const load = new SteadyLoad(() => GATEWAY, unhurried);
load.start({
  ...practice,
  office: () => authorizationOf(office),
  doctor: () => authorizationOf(doctor),
  patient: { email: 'alice@cabinet.test', password: PASSWORD },
});
for (;;) {
  const { answered, failures, slowest } = load;
  const told: Told = { answered, failed: failures.length, failures: failures.slice(0, 20), slowest };
  console.log(JSON.stringify(told));
  await delay(1_000);
}
