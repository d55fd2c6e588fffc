import type { Engine, Heartbeat, Settings, Sighted } from '../domain/settings.js';
import { type Instant, instant, instantOrNone } from './common.dto.js';

export interface WatchSettingsRequest {
  /** Off in a new practice. Once it was on, missing readings go on being watched though it is turned off. */
  isOn: boolean;
  /**
   * IANA: on which clock patients live, where a rule does not say.
   * @minLength 1
   * @maxLength 60
   * @example "Europe/Paris"
   */
  zone: string;
  /**
   * How many alerts a day a practitioner may be given by a rule that is to be enabled.
   * @minimum 0
   * @maximum 1000
   * @example 2
   */
  alertsADay: number;
  /**
   * For how long no reading of anybody may come before the practice hears that it is blind.
   * @isInt
   * @minimum 1
   * @maximum 1440
   * @example 15
   */
  blindAfterMinutes: number;
  /**
   * Which engine rings: `service`, this service, at once; `stream`, Spark, for very many patients, after some seconds. A value that
   * rings alone and missing readings are always watched by the service. Left out: as it was.
   * @example "service"
   */
  engine?: Engine;
}

export interface WatchSettingsResponse {
  /**
   * Also the ETag.
   * @isInt
   * @example 1
   */
  version: number;
  isOn: boolean;
  firstOnAt?: Instant;
  zone: string;
  alertsADay: number;
  /** @isInt */
  blindAfterMinutes: number;
  engine: Engine;
  changedAt?: Instant;
  changedBy?: string;
}

interface HeartbeatDto {
  /** `readings`: one came. `rounds`: somebody looked for what is due. `stream`: the engine on Spark went on. */
  name: string;
  at: Instant;
  blindSince?: Instant;
}

export interface SightResponse {
  /** off: the practice does not watch. blind: nobody is watched, though it should be. */
  state: Sighted;
  /** As of when this is said: what is older than a minute says nothing. */
  asOf: Instant;
  beats: HeartbeatDto[];
}

export const toWatchSettingsResponse = ({ firstOnAt, changedAt, ...settings }: Settings): WatchSettingsResponse => ({
  ...settings,
  firstOnAt: instantOrNone(firstOnAt),
  changedAt: instantOrNone(changedAt),
});

export const toSightResponse = (state: Sighted, beats: Heartbeat[], now: Date): SightResponse => ({
  state,
  asOf: instant(now),
  beats: beats.map(({ name, at, blindSince }) => ({ name, at: instant(at), blindSince: instantOrNone(blindSince) })),
});
