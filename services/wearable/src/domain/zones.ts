/**
 * A time zone by its IANA name in the right letter case, or undefined when there is none of that name. Offsets like
 * `+02:00` are none: their clocks never change.
 */
export function readZone(text: string): string | undefined {
  if (!/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
