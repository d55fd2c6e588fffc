import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { assertMay } from './access.js';
import type { SettingsStore } from './ports.js';

/** How the practice watches. A new practice does not. */
export interface Settings {
  version: number;
  isOn: boolean;
  /** When it was first turned on: from then on gaps are watched, and go on being watched. */
  firstOnAt?: Date;
  /** On which clock patients live, where a rule does not say. */
  zone: string;
  /** How many alerts a day a practitioner may be given by a rule that is to be enabled. */
  alertsADay: number;
  /** For how long no reading of anybody may come. */
  blindAfterMinutes: number;
  changedAt?: Date;
  changedBy?: string;
}

/** When a part of the watch last did its work. */
export interface Heartbeat {
  name: 'readings' | 'rounds';
  at: Date;
  /** Since when nothing has come, where that is longer than the practice expects. */
  blindSince?: Date;
}

export type SettingsInput = Pick<Settings, 'isOn' | 'zone' | 'alertsADay' | 'blindAfterMinutes'>;

/** `off`: the practice does not watch. `blind`: it should, and cannot see. */
export type Sighted = 'off' | 'seeing' | 'blind';

/** Rounds go every few seconds: after so long the watch itself stands still. */
const roundsMsMax = 60_000;

export function sightOf(settings: Settings, beats: readonly Heartbeat[], now: Date): Sighted {
  if (!settings.firstOnAt) return 'off';
  const ageOf = (name: Heartbeat['name']) => {
    const at = beats.find((each) => each.name === name)?.at;
    return at ? now.getTime() - at.getTime() : Number.POSITIVE_INFINITY;
  };
  const isBlind = ageOf('rounds') > roundsMsMax || ageOf('readings') > settings.blindAfterMinutes * 60_000;
  return isBlind ? 'blind' : 'seeing';
}

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
