import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { assertMay } from './access.js';
import type { SettingsStore } from './ports.js';
import { type Heartbeat, type Settings, type Sighted, sightOf } from './settings.js';

export type SettingsInput = Pick<Settings, 'isOn' | 'zone' | 'alertsADay' | 'blindAfterMinutes'> &
  Partial<Pick<Settings, 'engine'>>;

export class KeepSettings {
  constructor(
    private readonly store: SettingsStore,
    private readonly clock: Clock,
  ) {}

  async read(actor: Principal): Promise<Settings> {
    assertMay(actor);
    return this.store.read();
  }

  async sight(actor: Principal): Promise<{ state: Sighted; beats: Heartbeat[] }> {
    assertMay(actor);
    const [settings, beats] = await Promise.all([this.store.read(), this.store.heartbeats()]);
    return { state: sightOf(settings, beats, this.clock.now()), beats };
  }

  /** @throws InvalidInput (422) for what is no time zone, 428 and 412 */
  async change(input: SettingsInput, expected: ExpectedVersion, actor: Principal): Promise<Settings> {
    assertMay(actor);
    const current = await this.store.read();
    assertVersion(expected, current.version);
    assertZone(input.zone);
    const now = this.clock.now();
    const next: Settings = {
      ...input,
      engine: input.engine ?? current.engine,
      version: current.version + 1,
      firstOnAt: current.firstOnAt ?? (input.isOn ? now : undefined),
      changedAt: now,
      changedBy: actor.id,
    };
    await this.store.save(next);
    return next;
  }
}

function assertZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw invalidField('zone', 'NO_ZONE', 'must be an IANA time zone, like Europe/Paris');
  }
}
