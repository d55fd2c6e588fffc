import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { workTree } from '../../dev/cache.mjs';
import { ApiClient } from '../../dev/src/api-client.ts';
import { startPlatform } from '../../dev/src/background.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { residentBytes } from '../../dev/src/process-identity.ts';
import { seededPassword } from '../../dev/src/seed/index.ts';

export const pulse = { code: '8867-4', unit: '/min' } as const;

/**
 * What takes readings and what watches over them, with the sidecars, the broker and the database between them, as the platform has
 * them; and a doctor whose rule watches the pulse of everybody.
 */
export class Stand implements AsyncDisposable {
  readonly platform: Platform;
  readonly readings: pg.Pool;
  readonly alerts: pg.Pool;
  readonly #doctor: { email: string; password: string };
  readonly #practitionerId: string;

  private constructor(platform: Platform, practitionerId: string, doctor: { email: string; password: string }) {
    this.platform = platform;
    this.readings = poolOf(platform, 'wearable');
    this.alerts = poolOf(platform, 'alert');
    this.#practitionerId = practitionerId;
    this.#doctor = doctor;
  }

  static async start(): Promise<Stand> {
    const home = join(workTree, '.cabinet/bench-alerts');
    rmSync(home, { recursive: true, force: true });
    const platform = await startPlatform({ home, ports: 'free', only: ['wearable', 'alert'], seed: false });
    try {
      const gateway = platform.url('gateway');
      const admin = await ApiClient.signIn(gateway, 'admin@cabinet.test', seededPassword);
      const { id: practitionerId } = await admin.send('POST', '/api/practitioners', {
        familyName: 'Mesure',
        givenNames: ['Banc'],
        rpps: `997${String(Date.now()).slice(-8)}`,
        specialities: [{ display: 'Médecine générale' }],
        telecom: [{ system: 'email', value: 'banc@practice.example' }],
        places: [{ name: 'Banc', zone: 'Europe/Paris' }],
        appointmentTypes: [{ name: 'Mesure', minutes: 15 }],
      });
      const doctor = { email: `${randomUUID()}@practice.example`, password: 'an old grey mare likes oats' };
      await admin.send('POST', '/api/auth/users', { ...doctor, roles: ['practitioner'], practitionerId });
      const { version, zone, alertsADay } = await admin.get('/api/alert-watch');
      const settings = { isOn: true, zone, alertsADay, blindAfterMinutes: 1_440 };
      await admin.send('PUT', '/api/alert-watch', settings, { 'if-match': `"v${version}"` });
      const stand = new Stand(platform, practitionerId, doctor);
      const client = await ApiClient.signIn(gateway, doctor.email, doctor.password);
      const { id } = await client.send('POST', '/api/alert-rules', { document: stand.document() });
      await client.send('POST', `/api/alert-rules/${id}/enable`, {
        override: { reason: 'Signed for by the benchmark' },
      });
      return stand;
    } catch (error) {
      await platform.down();
      throw error;
    }
  }

  document() {
    return {
      title: 'Pulse above 120',
      condition: { kind: 'level', ...pulse, above: 120 },
      clear: { readings: 1, below: 110 },
      ...{ maxAgeMinutes: 30, priority: 'medium', snoozeMinutesMax: 60 },
      steps: [{ afterMinutes: 0, to: [this.#practitionerId] }],
      lastResort: { afterMinutes: 60, to: this.#practitionerId },
    };
  }

  /** The doctor's Authorization header, good for ten minutes. */
  async signIn(): Promise<string> {
    const response = await fetch(`${this.platform.url('gateway')}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.#doctor),
    });
    if (!response.ok) throw new Error(`the doctor could not sign in: ${response.status}`);
    return `Bearer ${((await response.json()) as { accessToken: string }).accessToken}`;
  }

  /** Resident memory of the process that watches, in MiB. */
  memoryMiB(): number {
    const { identity } = this.platform.process('alert');
    if (!identity) throw new Error('alert does not run');
    return residentBytes(identity.pid) / 1024 / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.readings.end();
    await this.alerts.end();
    await this.platform.down();
    rmSync(this.platform.home.folder, { recursive: true, force: true });
  }
}

function poolOf(platform: Platform, service: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: platform.databaseUrl(service), max: 2 });
  // A connection that ends while nobody uses it fails the next query, which says more than an event that ends the process.
  pool.on('error', () => undefined);
  return pool;
}
