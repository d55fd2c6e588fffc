/** The midnight that begins a day (YYYY-MM-DD), by the reader's clock: for what is of no place. */
export const startOfDay = (day: string): string => new Date(`${day}T00:00:00`).toISOString();

/** The midnight that ends a day (YYYY-MM-DD), by the reader's clock: for what is of no place. */
export function endOfDay(day: string): string {
  const midnight = new Date(`${day}T00:00:00`);
  midnight.setDate(midnight.getDate() + 1);
  return midnight.toISOString();
}
