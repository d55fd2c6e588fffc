import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, query, registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  [secretary, admin] = await Promise.all([signedInAs('secretary'), signedInAs('admin')]);
});

const nextVisitOf = async (patientId: string) => (await secretary('GET', `/api/patients/${patientId}`)).body.nextVisit;

describe('booking through the gateway', () => {
  it('lets a patient find a slot, book it, see it as next visit, move it and cancel it', async () => {
    const alice = await signedInAs('alice');
    const { items } = (await alice('GET', '/api/practitioners?limit=1')).body;
    const [practitioner] = items;
    const receiving = {
      practitionerId: practitioner.id,
      appointmentTypeId: practitioner.appointmentTypes[0].id,
      placeId: practitioner.places[0].id,
    };
    const { patientId } = (await alice('GET', '/api/auth/me')).body;
    const slots = await freeSlots(alice, receiving, 10);
    const request = { patientId, ...receiving, placeId: undefined, start: slots[0] };

    const booked = await alice('POST', '/api/appointments', request);
    expect([booked.status, booked.body.status]).toEqual([201, 'booked']);
    const path = `/api/appointments/${booked.body.id}`;
    expect(await freeSlots(alice, receiving, 10)).not.toContain(slots[0]);
    const moved = await alice('POST', `${path}/move`, { start: slots[3] }, { 'if-match': '"v1"' });
    expect([moved.status, moved.body.start]).toEqual([200, slots[3]]);
    const cancelled = await alice('POST', `${path}/cancel`, { reason: 'Not needed any more' });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    expect(await freeSlots(alice, receiving, 10)).toEqual(slots);
  });

  it('gives one slot to exactly one of 200 clients at once: one row, one event, 199 conflicts', async () => {
    const receiving = await addPractitioner(admin);
    const [start] = await freeSlots(secretary, receiving);
    const patient = await registerPatient(secretary);
    const { practitionerId, appointmentTypeId } = receiving;
    const request = { patientId: patient.id, practitionerId, appointmentTypeId, start };

    const answers = await Promise.all(
      Array.from({ length: 200 }, () => secretary('POST', '/api/appointments', request)),
    );

    const booked = answers.filter(({ status }) => status === 201);
    const taken = answers.filter(({ status, body }) => status === 409 && body.code === 'APPOINTMENT.SLOT_TAKEN');
    expect([booked.length, taken.length]).toEqual([1, 199]);
    expect(taken.every(({ body }) => body.nextFreeSlots.length > 0)).toBe(true);
    const rows = await query('appointment', 'select id from appointment where practitioner_id = $1', [practitionerId]);
    expect(rows).toEqual([{ id: booked[0]?.body.id }]);
    await until(async () => (await nextVisitOf(patient.id))?.appointmentId === booked[0]?.body.id);
    expect(await eventsHandledFor(booked[0]?.body.id)).toBe(1);
  });

  it('keeps 50 patients who book random slots at once from overlapping', async () => {
    const receiving = await addPractitioner(admin);
    const slots = (await freeSlots(secretary, receiving)).slice(0, 40);
    const patients = await Promise.all(Array.from({ length: 50 }, () => registerPatient(secretary)));
    const { practitionerId, appointmentTypeId } = receiving;

    const answers = await Promise.all(
      patients.flatMap(({ id }) =>
        [1, 2, 3].map(() => {
          const start = slots[Math.floor(Math.random() * slots.length)];
          return secretary('POST', '/api/appointments', { patientId: id, practitionerId, appointmentTypeId, start });
        }),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const booked = answers.filter(({ status }) => status === 201).length;
    const [{ rows, overlaps }] = (await query<{ rows: string; overlaps: string }>(
      'appointment',
      `select count(*) as rows, (select count(*) from appointment a join appointment b
         on a.id < b.id and a.during && b.during
           and (a.practitioner_id = b.practitioner_id or a.patient_id = b.patient_id)
           and a.status <> 'cancelled' and b.status <> 'cancelled'
         where a.practitioner_id = $1 or a.patient_id = any ($2)) as overlaps
       from appointment where practitioner_id = $1`,
      [practitionerId, patients.map(({ id }) => id)],
    )) as [{ rows: string; overlaps: string }];
    expect([Number(rows), Number(overlaps)]).toEqual([booked, 0]);
  });

  it('repeats the first answer to a repeated request with the same Idempotency-Key', async () => {
    const receiving = await addPractitioner(admin);
    const [start] = await freeSlots(secretary, receiving);
    const { id: patientId } = await registerPatient(secretary);
    const { practitionerId, appointmentTypeId } = receiving;
    const key = { 'idempotency-key': 'a-key-of-this-test-1' };
    const send = () =>
      secretary('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId, start }, key);
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });
});

/** How often an event of this appointment has had its effect at the patient service, by Kafka's own count of events. */
async function eventsHandledFor(appointmentId: string): Promise<number> {
  const events = await publishedEvents();
  return events.filter((event) => event.data.appointmentId === appointmentId).length;
}

async function publishedEvents(): Promise<{ data: { appointmentId: string } }[]> {
  const { readTopic } = await import('../support/kafka.ts');
  return (await readTopic(platform().kafka, 'appointment')) as { data: { appointmentId: string } }[];
}
