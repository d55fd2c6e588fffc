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
  /** Which engine rings, of rules that both can run. */
  engine: Engine;
  changedAt?: Date;
  changedBy?: string;
}

/** `service`: that of this service, at once. `stream`: that on Spark, for very many patients (decision 50). */
export type Engine = 'service' | 'stream';

/** When a part of the watch last did its work. */
export interface Heartbeat {
  name: 'readings' | 'rounds' | 'stream';
  at: Date;
  /** Since when nothing has come, where that is longer than the practice expects. */
  blindSince?: Date;
}

/** `off`: the practice does not watch. `blind`: it should, and cannot see. */
export type Sighted = 'off' | 'seeing' | 'blind';

/** Rounds go every few seconds: after so long the watch itself stands still. */
const roundsMsMax = 60_000;

/** The stream says each minute that it goes on. */
const streamMinutesMax = 5;

export function sightOf(settings: Settings, beats: readonly Heartbeat[], now: Date): Sighted {
  if (!settings.firstOnAt) return 'off';
  const ageOf = (name: Heartbeat['name']) => {
    const at = beats.find((each) => each.name === name)?.at;
    return at ? now.getTime() - at.getTime() : Number.POSITIVE_INFINITY;
  };
  const silences: [part: Heartbeat['name'], msMax: number][] = [
    ['rounds', roundsMsMax],
    ...[...silencesOf(settings)].map(([part, minutes]): [Heartbeat['name'], number] => [part, minutes * 60_000]),
  ];
  return silences.some(([part, msMax]) => ageOf(part) > msMax) ? 'blind' : 'seeing';
}

/** Of which parts nothing may come for how many minutes, or the practice is blind. */
export const silencesOf = ({ engine, blindAfterMinutes }: Settings): Map<Heartbeat['name'], number> =>
  new Map([['readings', blindAfterMinutes], ...(engine === 'stream' ? [['stream', streamMinutesMax] as const] : [])]);
