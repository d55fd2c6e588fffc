import type { Resolution } from '../api/readings.ts';

export const spanNames = ['day', 'week', 'month', 'year'] as const;
export type Span = (typeof spanNames)[number];

/** How many days are shown, and by what: the service gives each reading of at most 31 days, hours of at most 370. */
export const spans: Record<Span, { days: number; resolutions: readonly [Resolution, ...Resolution[]] }> = {
  day: { days: 1, resolutions: ['raw', 'hourly'] },
  week: { days: 7, resolutions: ['raw', 'hourly', 'daily'] },
  month: { days: 30, resolutions: ['hourly', 'raw', 'daily'] },
  year: { days: 366, resolutions: ['daily', 'hourly'] },
};

/** By what a time is shown: as it is wanted where that can be had, else as is usual for it. */
export function resolutionOf(span: Span, wanted: Resolution | undefined): Resolution {
  const { resolutions } = spans[span];
  return resolutions.find((each) => each === wanted) ?? resolutions[0];
}
