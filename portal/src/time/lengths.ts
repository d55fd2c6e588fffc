const [hour, day] = [60, 24 * 60];

/** How long something is, in the words of a language: `1 hour 30 minutes`, `2 jours`. @param minutes whole ones, from 0 on */
export function lengthInWords(minutes: number, language: string): string {
  const whole = Math.max(0, Math.round(minutes));
  const parts = [
    [Math.floor(whole / day), 'day'],
    [Math.floor((whole % day) / hour), 'hour'],
    [whole % hour, 'minute'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => unitInWords(count, unit, language));
  return said.length > 0 ? said.join(' ') : unitInWords(0, 'minute', language);
}

const unitInWords = (count: number, unit: 'day' | 'hour' | 'minute', language: string): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);

/** Of more than two hours the minutes say nothing, of more than two days the hours: `3 days`. */
export function roughly(minutes: number): number {
  const unit = minutes >= 2 * day ? day : minutes >= 2 * hour ? hour : 1;
  return Math.floor(minutes / unit) * unit;
}
