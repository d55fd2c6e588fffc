/** The first of those whose sign is in the text; the order matters, for browsers call themselves by each other's names. */
const named = (text: string, signs: readonly (readonly [RegExp, string])[]): string | undefined =>
  signs.find(([sign]) => sign.test(text))?.[1];

const browsers = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;
const systems = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
] as const;

/** `Firefox, Linux`, of what a browser says of itself; undefined for what is none of those known. */
export function deviceName(userAgent: string | undefined): string | undefined {
  if (!userAgent) return undefined;
  return [named(userAgent, browsers), named(userAgent, systems)].filter(Boolean).join(', ') || undefined;
}
