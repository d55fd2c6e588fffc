import { Pool } from 'undici';
import { type Figure, median, within } from './figures.ts';
import type { Practice } from './practice.ts';

const searches = 200;
const day = 24 * 3_600_000;
const addedMsMax = 20;

/**
 * The median time of a slot search over 30 days for one practitioner of the seed, less the median of a request to /health/live
 * through the same gateway; the two alternate.
 */
export async function measureSlotSearch({ gateway, authorization, secretary }: Practice): Promise<Figure[]> {
  const [practitioner] = (await secretary.get('/api/practitioners?limit=1')).items;
  const from = new Date(Date.now() + day);
  const query = new URLSearchParams({
    practitionerId: practitioner.id,
    appointmentTypeId: practitioner.appointmentTypes[0].id,
    from: from.toISOString(),
    to: new Date(from.getTime() + 30 * day).toISOString(),
    limit: '2000',
  });
  const http = new Pool(gateway, { connections: 1, pipelining: 1 });
  const timed = async (path: string) => {
    const began = performance.now();
    const { statusCode, body } = await http.request({ method: 'GET', path, headers: { authorization } });
    await body.text();
    if (statusCode !== 200) throw new Error(`${path.split('?')[0]} answered ${statusCode}`);
    return performance.now() - began;
  };
  const times = { search: [] as number[], live: [] as number[] };
  for (let n = 0; n < searches + 50; n += 1) {
    const [search, live] = [await timed(`/api/slots?${query}`), await timed('/health/live')];
    if (n < 50) continue;
    times.search.push(search);
    times.live.push(live);
  }
  await http.close();
  return [
    within(
      'slot search over 30 days, beyond /health/live, median',
      'ms',
      median(times.search) - median(times.live),
      addedMsMax,
    ),
  ];
}
