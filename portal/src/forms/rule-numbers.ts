/** Bounds of the schema. */
const [any, amount, few, upToADay] = [
  [-1_000_000, 1_000_000],
  [0, 1_000_000],
  [1, 20],
  [1, 1_440],
] as const;
const bounds = {
  above: any,
  below: any,
  clearAbove: any,
  clearBelow: any,
  rises: amount,
  falls: amount,
  atLeast: few,
  of: few,
  clearReadings: few,
  total: few,
  minutes: upToADay,
  within: upToADay,
  fresh: upToADay,
  maxAge: upToADay,
  gap: [1, 43_200],
  snoozeMax: [1, 480],
  lastAfter: [1, 2_880],
} satisfies Record<string, readonly [number, number]>;
export type NumberField = keyof typeof bounds;

export const boundsOf = (field: NumberField): readonly [number, number] => bounds[field];

/** What may have a fraction: a value that is measured. */
const measured: readonly NumberField[] = ['above', 'below', 'clearAbove', 'clearBelow', 'rises', 'falls'];

/** A number as people type it, with a comma as well. Undefined: it is left empty, or none. */
export const numberOf = (typed: string): number | undefined => {
  const text = typed.trim().replace(',', '.');
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
};

/** Whether what is typed there is a number that the rule may have. */
export function isFit(field: NumberField, typed: string): boolean {
  const value = numberOf(typed);
  const [least, most] = bounds[field];
  if (value === undefined || value < least || value > most) return false;
  if (!measured.includes(field)) return Number.isInteger(value);
  // It rises by something.
  return least < 0 || value > 0;
}
