import { Plural, useLingui } from '@lingui/react/macro';
import type { Appointment } from '../api/types.ts';
import { useMinutesWaited } from '../time/waited.ts';
import { statusNames } from '../words/statuses.ts';

/** What has become of a visit; of who has come, how long they have waited by now. */
export function VisitStatus({ of }: { of: Pick<Appointment, 'status' | 'arrivedAt'> }) {
  const { i18n } = useLingui();
  const minutes = useMinutesWaited(of);
  if (minutes === undefined) return i18n._(statusNames[of.status]);
  return <Plural value={minutes} one="arrived, waits for # minute" other="arrived, waits for # minutes" />;
}
