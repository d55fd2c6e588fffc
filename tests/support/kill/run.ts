import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { seededPassword } from '../../../dev/src/seed/index.ts';
import { platform } from '../platform.ts';
import { addPractitioner, freeSlots, registerPatient, signedInAs } from '../practice.ts';
import { PersistentCaller } from './persistent-caller.ts';
import { poison } from './poison.ts';
import { Random } from './random.ts';
import { type Desk, Ledger, Work } from './work.ts';

export interface KillRun {
  ledger: Ledger;
  killed: string[];
  answered: number;
  repeated: number;
  cut: number;
}

const workers = 4;

/**
 * Steady work of a practice, while processes are killed one after the other: each a random one, after a random number of
 * further answers. The same seed kills the same in the same order. After each a reading comes that is none, and in the middle the
 * broker is away for a while.
 */
export async function workWhileKilling({ kills, seed }: { kills: number; seed: number }): Promise<KillRun> {
  const random = new Random(seed);
  const ledger = new Ledger();
  const gateway = platform().url('gateway');
  let isOver = false;
  const person = (login: string, nth: number) =>
    new PersistentCaller(gateway, login, new Random(seed + nth), () => isOver);
  const watched = await watchSomebody();
  ledger.watched = watched;
  const desks = await openDesks(person, watched.login);
  const callers = desks.flatMap(({ secretary, admin, doctor, atHome }) => [secretary, admin, doctor, atHome]);
  const sum = (of: (each: PersistentCaller) => number) => callers.reduce((total, each) => total + of(each), 0);
  const answered = () => sum((each) => each.answered);

  const days = desks.map(async (desk, nth) => {
    const work = new Work(desk, ledger, new Random(seed * 31 + nth));
    while (!isOver) await work.step();
  });
  const killed: string[] = [];
  const killing = async () => {
    while (killed.length < kills) {
      const until = answered() + random.between(8, 25);
      // Nothing may be answered for a while, when what was killed is needed for everything.
      for (let waits = 0; answered() < until && waits < 600; waits += 1) await delay(50);
      const name = random.of(killable());
      try {
        platform().kill(name);
      } catch {
        // It is down already; another one then.
        continue;
      }
      killed.push(name);
      await poison(ledger);
      if (killed.length === Math.ceil(kills / 2)) await withoutBroker(ledger);
    }
  };
  try {
    await Promise.race([killing(), Promise.all(days)]);
  } finally {
    isOver = true;
  }
  await Promise.all(days);
  return { ledger, killed, answered: answered(), repeated: sum((each) => each.repeated), cut: sum((each) => each.cut) };
}

const takenMeanwhile = 5;

/** Readings are taken all the same, and wait to be told. */
async function withoutBroker({ readings }: Ledger): Promise<void> {
  const before = readings.length;
  await platform().stopProcess('kafka');
  try {
    for (let waits = 0; readings.length < before + takenMeanwhile && waits < 1_200; waits += 1) await delay(50);
    if (readings.length === before) throw new Error('no reading is taken while the broker is away');
  } finally {
    await platform().startProcess('kafka');
  }
}

/** Everything that runs: processes, sidecars and servers. */
const killable = (): string[] =>
  platform()
    .processes()
    .map(({ name }) => name)
    .sort();

async function openDesks(person: (login: string, nth: number) => PersistentCaller, watched: string): Promise<Desk[]> {
  const [admin, secretary, doctor] = [
    await signedInAs('admin'),
    await signedInAs('secretary'),
    await signedInAs('dr.bernard'),
  ];
  const record = (await doctor('GET', '/api/appointments?limit=1')).body.items[0].patientId as string;
  const desks: Desk[] = [];
  // All practitioners receive at the same hours; each desk takes times of its own. Of two that are one person's the practice
  // would cancel one, whenever it hears that they are one.
  let times: string[] = [];
  for (let nth = 0; nth < workers; nth += 1) {
    const receiving = await addPractitioner(admin);
    if (nth === 0) times = await freeSlots(secretary, receiving, 30);
    desks.push({
      secretary: person('secretary', 10 + nth),
      admin: person('admin', 20 + nth),
      doctor: person('dr.bernard', 30 + nth),
      atHome: person(watched, 40 + nth),
      record,
      receiving,
      slots: times.slice((nth * times.length) / workers, ((nth + 1) * times.length) / workers),
    });
  }
  return desks;
}

/** Has the doctor watch the pulse of somebody new, who can sign in and has measured nothing yet. */
async function watchSomebody(): Promise<{ patientId: string; rule: string; login: string }> {
  const [admin, secretary, doctor] = [
    await signedInAs('admin'),
    await signedInAs('secretary'),
    await signedInAs('dr.bernard'),
  ];
  const { id: patientId } = await registerPatient(secretary);
  const login = `watched-${randomUUID()}`;
  const user = { email: `${login}@cabinet.test`, password: seededPassword, roles: ['patient'], patientId };
  const added = await admin('POST', '/api/auth/users', user);
  const { version, zone, alertsADay } = (await admin('GET', '/api/alert-watch')).body;
  const settings = { isOn: true, zone, alertsADay, blindAfterMinutes: 1_440 };
  const on = await admin('PUT', '/api/alert-watch', settings, { 'if-match': `"v${version}"` });
  const { practitionerId } = (await doctor('GET', '/api/auth/me')).body;
  const document = {
    title: 'Pulse above 120',
    condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120 },
    clear: { readings: 1, below: 110 },
    ...{ maxAgeMinutes: 60, priority: 'high', snoozeMinutesMax: 60 },
    steps: [{ afterMinutes: 0, to: [practitionerId] }],
    lastResort: { afterMinutes: 1, to: practitionerId },
  };
  const written = await doctor('POST', '/api/alert-rules', { document, patientId });
  const override = { reason: 'Signed for while processes are killed' };
  const enabled = await doctor('POST', `/api/alert-rules/${written.body.id}/enable`, { override });
  const answers = [on, added, written, enabled];
  if (answers.some(({ status }) => status >= 300))
    throw new Error(`nobody is watched: ${JSON.stringify(answers.map(({ body }) => body))}`);
  return { patientId, rule: written.body.id, login };
}
