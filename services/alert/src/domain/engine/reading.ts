/** What was measured of a patient, as the topic `readings` tells it. */
export interface Reading {
  readingId: string;
  patientId: string;
  deviceId?: string;
  /** LOINC. */
  code: string;
  value: number;
  /** UCUM. */
  unit: string;
  /** When it was taken, with offset, and when it came. */
  effectiveAt: string;
  receivedAt: string;
  /** How sure it is that it is of this patient. */
  certainty: 'sure' | 'likely' | 'doubtful';
  flags: readonly string[];
  /** The reading that this one replaces. */
  isCorrectionOf?: string;
}

/** Why a reading makes a question and no alarm. */
export const doubts = ['owner', 'value', 'unit', 'clock'] as const;
export type Doubt = (typeof doubts)[number];

/** A reading that an engine goes by; times in milliseconds since 1970. */
export interface Point {
  id: string;
  at: number;
  code: string;
  value: number;
}

/** Clocks of devices and servers differ by less. */
const aheadMsMax = 5 * 60_000;

/** Flags of who took the reading in that keep it from ringing; `out-of-scale` does not: a device that says LOW may mean it. */
const doubtfulFlags: Record<string, Doubt> = { absurd: 'value', implausible: 'value', 'unit-unknown': 'unit' };

/** What a living person can have, by LOINC code: outside it is the device that is wrong. */
const possible: Record<string, { unit: string; min: number; max: number }> = {
  '8867-4': { unit: '/min', min: 15, max: 350 },
  '9279-1': { unit: '/min', min: 2, max: 90 },
  '59408-5': { unit: '%', min: 30, max: 100 },
  '2708-6': { unit: '%', min: 30, max: 100 },
  '8310-5': { unit: 'Cel', min: 25, max: 45 },
  '8480-6': { unit: 'mm[Hg]', min: 30, max: 320 },
  '8462-4': { unit: 'mm[Hg]', min: 10, max: 220 },
  '29463-7': { unit: 'kg', min: 0.2, max: 500 },
};

/** Why a reading is not to be gone by; undefined: it is. @param unit the one that the rule is about */
export function doubtOf(reading: Reading, unit: string): Doubt | undefined {
  if (reading.certainty === 'doubtful') return 'owner';
  const flagged = reading.flags.map((flag) => doubtfulFlags[flag]).find((doubt) => doubt !== undefined);
  if (flagged) return flagged;
  if (reading.unit !== unit) return 'unit';
  if (!Number.isFinite(reading.value)) return 'value';
  const bounds = possible[reading.code];
  if (bounds?.unit === unit && (reading.value < bounds.min || reading.value > bounds.max)) return 'value';
  if (Date.parse(reading.effectiveAt) > Date.parse(reading.receivedAt) + aheadMsMax) return 'clock';
  return undefined;
}
