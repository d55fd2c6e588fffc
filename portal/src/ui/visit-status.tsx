import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { Appointment } from '../api/types.ts';
import { useMinutesWaited } from '../time/waited.ts';
import { statusNames } from '../words/statuses.ts';

type Visit = Pick<Appointment, 'status' | 'arrivedAt' | 'acceptedAt' | 'delay'>;

/** What has become of a visit: of who has come, how long they have waited by now; of who is to come, what they say themselves. */
export function VisitStatus({ of }: { of: Visit }) {
  const { i18n } = useLingui();
  const minutes = useMinutesWaited(of);
  if (minutes !== undefined)
    return <Plural value={minutes} one="arrived, waits for # minute" other="arrived, waits for # minutes" />;
  if (of.status === 'booked' && of.delay)
    return <Plural value={of.delay.minutes} one="comes # minute late" other="comes about # minutes late" />;
  if (of.status === 'booked' && of.acceptedAt) return <Trans>says that they come</Trans>;
  return i18n._(statusNames[of.status]);
}
