/** True for `YYYY-MM-DD` that the Gregorian calendar has: 2024-02-29, but not 2023-02-29. */
export function isRealDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  // Years below 100 would be taken for 19xx.
  return year >= 100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
