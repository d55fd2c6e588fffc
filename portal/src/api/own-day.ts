import { useQuery } from '@tanstack/react-query';
import { now } from '../time/server-clock.ts';
import { dateAt } from '../time/zone.ts';
import { dayOf } from './appointments.ts';
import { usePractitioner } from './practitioners.ts';

/**
 * The day that it is where a practitioner receives, and who comes then.
 * @param isLive whether changes are told (`useLiveAgendas`)
 */
export function useDayOf(practitionerId: string | undefined, isLive: boolean) {
  const { data: practitioner, isPending } = usePractitioner(practitionerId);
  const zone = practitioner?.places[0]?.zone ?? 'UTC';
  const today = dateAt(now(), zone);
  const day = useQuery({
    ...dayOf(practitionerId ?? '', today, isLive),
    // Of another zone it might be another day; who cannot be read is no reason to show none.
    enabled: practitionerId !== undefined && !isPending,
  });
  return { practitioner, today, day };
}
