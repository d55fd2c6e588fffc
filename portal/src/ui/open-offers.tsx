import { Plural, Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useWaitingOf } from '../api/waiting-list.ts';
import { Notice } from './notice.tsx';

/** That a time is offered, where it is seen first: an offer ends within the hour. Says so as well when that is not known. */
export function OpenOffers({ patientId }: { patientId: string }) {
  const { data, error } = useWaitingOf(patientId, 'proposed');
  if (!data)
    return error ? (
      <Notice look="warn" role="status">
        <p>
          <Trans>
            Whether a time is offered from the waiting list could not be read.{' '}
            <Link to="/patients/$patientId/waiting" params={{ patientId }}>
              Look at the waiting list
            </Link>
          </Trans>
        </p>
      </Notice>
    ) : null;
  const [first] = data.items;
  if (!first) return null;
  return (
    <Notice
      look="good"
      role="status"
      title={<Plural value={data.items.length} one="A time is offered to you" other="# times are offered to you" />}
    >
      <p>
        <Link to="/patients/$patientId/waiting/$waitingId" params={{ patientId, waitingId: first.id }}>
          <Trans>Look, and answer</Trans>
        </Link>
      </p>
    </Notice>
  );
}
