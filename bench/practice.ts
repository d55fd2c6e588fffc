import { ApiClient } from '../dev/src/api-client.ts';
import type { Platform } from '../dev/src/platform.ts';
import { seededPassword } from '../dev/src/seed/index.ts';

export interface Practice {
  gateway: string;
  /** A secretary's Authorization header. */
  authorization: string;
  secretary: ApiClient;
  /** Practitioners that only the benchmark books, receiving from 8 to 20 o'clock every day. */
  practitioners: { id: string; placeId: string; appointmentTypeId: string }[];
  patientIds: string[];
}

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export async function preparePractice(platform: Platform): Promise<Practice> {
  const gateway = platform.url('gateway');
  const admin = await ApiClient.signIn(gateway, 'admin@cabinet.test', seededPassword);
  const secretary = await ApiClient.signIn(gateway, 'secretary@cabinet.test', seededPassword);
  const practitioners = [];
  for (let n = 0; n < 20; n += 1) {
    const { id, places, appointmentTypes } = await admin.send('POST', '/api/practitioners', {
      familyName: 'Mesure',
      givenNames: [`Banc ${String.fromCharCode(65 + n)}`],
      rpps: `997${String(Date.now() % 1e6).padStart(6, '0')}${String(n).padStart(2, '0')}`,
      specialities: [{ display: 'Médecine générale' }],
      places: [{ name: 'Banc', zone: 'Europe/Paris' }],
      appointmentTypes: [{ name: 'Mesure', minutes: 15 }],
    });
    const hours = [{ placeId: places[0].id, daysOfWeek: everyDay, startTime: '08:00', endTime: '20:00' }];
    await admin.send('PUT', `/api/schedules/${id}`, { hours }, { 'if-match': '"v0"' });
    practitioners.push({ id, placeId: places[0].id, appointmentTypeId: appointmentTypes[0].id });
  }
  const patientIds: string[] = [];
  for (let cursor = ''; patientIds.length < 2_000; ) {
    const page = await secretary.get(`/api/patients?limit=100${cursor && `&cursor=${cursor}`}`);
    patientIds.push(...page.items.map(({ id }: { id: string }) => id));
    if (!page.nextCursor) break;
    cursor = page.nextCursor;
  }
  return { gateway, authorization: await signInAsSecretary(gateway), secretary, practitioners, patientIds };
}

/** @returns an Authorization header that is good for ten minutes */
export async function signInAsSecretary(gateway: string): Promise<string> {
  const login = await fetch(`${gateway}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'secretary@cabinet.test', password: seededPassword }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  return `Bearer ${accessToken}`;
}
