/** Rows of the grid to an hour: five minutes each. */
export const rowsAnHour = 12;
export const stepMinutes = 5;
export const rowPx = 7;
export const pxAMinute = rowPx / stepMinutes;

/** `09:05`, of minutes since midnight. */
export const clockOfMinutes = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Where in a column something stands, as styles. @param origin the minute at the top */
export const spanStyle = ({ from, to }: { from: number; to: number }, origin: number) => ({
  top: (from - origin) * pxAMinute + 1,
  height: (to - from) * pxAMinute - 2,
});

/** Where somebody would put something down. */
export interface Target {
  practitionerId: string;
  /** Minutes by the clock of the practice. */
  from: number;
}
