import { type Practice, signInAsSecretary } from './practice.ts';

const clients = 16;
const day = 24 * 3_600_000;
/** A token is good for twice as long. */
const signInEveryMs = 5 * 60_000;

type Answer = { status: number; body: Record<string, unknown>; etag: string };
type Ask = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>;

/** What a secretary may be told in a busy practice, without anything being wrong. */
const refusals = new Set([404, 409, 412, 422]);

/**
 * A practice at work: searches, agendas, patients, bookings, moves, cancellations, series and the waiting list, by several
 * people at once, for a number of requests. What costs little is done often, as in a practice.
 * @throws when an answer is neither good nor a refusal that can happen
 */
export async function workMixed({ gateway, practitioners, patientIds }: Practice, requests: number) {
  let left = requests;
  let [authorization, signedInAt] = [signInAsSecretary(gateway), performance.now()];
  const ask: Ask = async (method, path, body, headers = {}) => {
    left -= 1;
    if (performance.now() - signedInAt > signInEveryMs) {
      [authorization, signedInAt] = [signInAsSecretary(gateway), performance.now()];
    }
    const answer = await fetch(gateway + path, {
      method,
      headers: { authorization: await authorization, ...(body && { 'content-type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok && !refusals.has(answer.status))
      throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: isJson ? JSON.parse(text) : {}, etag: answer.headers.get('etag') ?? '' };
  };
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let nth = client; left > 0; nth += clients) {
        const practitioner = practitioners[nth % practitioners.length] as Practice['practitioners'][0];
        await visit(ask, nth, practitioner, patientIds[(nth * 7) % patientIds.length] as string);
      }
    }),
  );
}

/** What is done about one visit, of which every some dozenth needs more than a booking. */
async function visit(
  ask: Ask,
  nth: number,
  { id, appointmentTypeId }: Practice['practitioners'][0],
  patientId: string,
) {
  const from = Date.now() + (200 + (nth % 150)) * day;
  const search = (days: number) =>
    new URLSearchParams({
      practitionerId: id,
      appointmentTypeId,
      from: new Date(from).toISOString(),
      to: new Date(from + days * day).toISOString(),
      limit: '500',
    });
  const found = await ask('GET', `/api/patients?q=${'abcdefghijklmnop'[nth % 16]}&limit=20`);
  if (found.status !== 200) throw new Error(`the search answered ${found.status}`);
  await ask('GET', `/api/patients/${patientId}`);
  const slots = ((await ask('GET', `/api/slots?${search(14)}`)).body.items ?? []) as { start: string }[];
  const [slot, other] = [slots[(nth * 13) % slots.length], slots[(nth * 29) % slots.length]];
  const wish = { patientId, practitionerId: id, appointmentTypeId };
  if (!slot || !other) return;
  const booked = await ask('POST', '/api/appointments', { ...wish, start: slot.start, reason: 'Contrôle annuel' });
  await ask(
    'GET',
    `/api/appointments?practitionerId=${id}&from=${new Date(from).toISOString().slice(0, 10)}&limit=100`,
  );
  await ask('GET', `/api/appointments?patientId=${patientId}`);
  if (booked.status === 201) {
    const path = `/api/appointments/${booked.body.id}`;
    if (nth % 3 === 0) {
      const { etag } = await ask('GET', path);
      await ask('POST', `${path}/move`, { start: other.start }, { 'if-match': etag });
    }
    if (nth % 2 === 0) {
      const { etag } = await ask('GET', path);
      await ask('POST', `${path}/cancel`, { reason: 'Empêchement' }, { 'if-match': etag });
    }
  }
  if (nth % 17 === 0) {
    const rule = 'FREQ=WEEKLY;COUNT=4';
    await ask('POST', '/api/appointments/series', { ...wish, start: slot.start, rule, skipImpossible: true });
  }
  if (nth % 23 === 0) {
    const [fromDate, untilDate] = [from, from + 60 * day].map((ms) => new Date(ms).toISOString().slice(0, 10));
    const wants = [{ practitionerId: id, appointmentTypeId }];
    const times = [{ daysOfWeek: ['sun'], startTime: '21:00', endTime: '22:00' }];
    await ask('POST', '/api/waiting-list', { patientId, wants, fromDate, untilDate, times });
  }
  if (nth % 11 === 0) await ask('GET', `/api/slots/explain?${search(1)}`);
}
