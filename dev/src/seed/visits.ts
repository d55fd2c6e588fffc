import type { ApiClient } from '../api-client.ts';

interface Visit {
  id: string;
  patientId: string;
  status: string;
  start: string;
  end: string;
}

/** What is recorded of a visit, by the name of its operation. */
type Happening = 'complete' | 'miss' | 'arrive';

/** Of so many patients one does not come. */
const comersForOneMissing = 19;
/** How long before their time people come, every second of them. */
const earlyMs = 10 * 60_000;

/** What has become of the nth visit of a day by now; nothing of those for whom nobody has come yet. */
export function happeningOf(
  { start, end }: Pick<Visit, 'start' | 'end'>,
  nth: number,
  now: Date,
): Happening | undefined {
  const [begins, ends, at] = [Date.parse(start), Date.parse(end), now.getTime()];
  if (ends <= at) return nth % comersForOneMissing === comersForOneMissing - 1 ? 'miss' : 'complete';
  if (begins <= at || (begins <= at + earlyMs && nth % 2 === 0)) return 'arrive';
  return undefined;
}

/** A hundred at most. */
export async function visitsOf(secretary: ApiClient, query: string): Promise<Visit[]> {
  return (await secretary.get(`/api/appointments?${query}&limit=100`)).items;
}

export const wereVisitsRecorded = async (secretary: ApiClient, practitionerId: string): Promise<boolean> =>
  (await visitsOf(secretary, `practitionerId=${practitionerId}&status=fulfilled`)).length > 0;

interface People {
  bernard: string;
  alice: string;
  /** All practitioners. */
  practitioners: readonly string[];
}

/**
 * What has become of all appointments by now: of Dr Bernard's, Alice did not come to her first, and has cancelled one to come. What was
 * recorded before stays as it is, and Dr Bernard's come first, by which that is known.
 */
export async function recordVisits(
  secretary: ApiClient,
  { bernard, alice, practitioners }: People,
  now: Date,
): Promise<string> {
  const missed = await missedBy(secretary, { bernard, alice }, now);
  let count = await recordOf(secretary, bernard, now, { patientId: alice, missed });
  await cancelNext(secretary, { bernard, alice }, now);
  const others = practitioners.filter((id) => id !== bernard);
  // As many at a time as do not keep anybody else waiting.
  const recordNext = async (): Promise<void> => {
    for (let id = others.shift(); id !== undefined; id = others.shift()) count += await recordOf(secretary, id, now);
  };
  await Promise.all(Array.from({ length: 6 }, recordNext));
  return `${count} recorded`;
}

/** @param known a patient who misses that visit, or none, whatever becomes of the others’ @returns how many were recorded */
async function recordOf(
  secretary: ApiClient,
  practitionerId: string,
  now: Date,
  known?: { patientId: string; missed?: string },
): Promise<number> {
  const until = new Date(now.getTime() + earlyMs).toISOString();
  const visits = await visitsOf(secretary, `practitionerId=${practitionerId}&status=booked&to=${until}`);
  let count = 0;
  for (const [nth, visit] of visits.entries()) {
    const usual = happeningOf(visit, nth, now);
    const isKnown = visit.patientId === known?.patientId;
    const happening = isKnown && usual === 'miss' ? 'complete' : usual;
    if (!happening) continue;
    await secretary.send(
      'POST',
      `/api/appointments/${visit.id}/${visit.id === known?.missed ? 'miss' : happening}`,
      {},
    );
    count += 1;
  }
  return count;
}

type Both = Pick<People, 'bernard' | 'alice'>;

const hersOf = (secretary: ApiClient, { bernard, alice }: Both): Promise<Visit[]> =>
  visitsOf(secretary, `practitionerId=${bernard}&patientId=${alice}`);

async function missedBy(secretary: ApiClient, people: Both, now: Date): Promise<string | undefined> {
  const hers = await hersOf(secretary, people);
  if (hers.some(({ status }) => status === 'noshow')) return undefined;
  return hers.find(({ status, end }) => status === 'booked' && Date.parse(end) <= now.getTime())?.id;
}

async function cancelNext(secretary: ApiClient, people: Both, now: Date): Promise<void> {
  const toCome = (await hersOf(secretary, people)).filter(({ start }) => Date.parse(start) > now.getTime());
  if (toCome.some(({ status }) => status === 'cancelled')) return;
  const next = toCome.find(({ status }) => status === 'booked');
  const cancelling = { reason: 'Unable to come', code: 'pat' };
  if (next) await secretary.send('POST', `/api/appointments/${next.id}/cancel`, cancelling);
}
