import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { reasonWords } from '../words/refusals.ts';
import { Remote } from './remote.tsx';

interface Props {
  practitionerId: string;
  appointmentTypeId: string;
  /** The instant that is asked about. */
  at: string;
}

/** Why a time is not offered, or that it is. */
export function WhyNot(query: Props) {
  const { i18n, t } = useLingui();
  const answer = useQuery({
    queryKey: ['slots', 'explain', query],
    queryFn: () => told(api.GET('/api/slots/explain', { params: { query } })),
  });
  return (
    <Remote of={answer} label={t`why this time is not offered`}>
      {({ isOffered, reasons }) =>
        isOffered ? (
          <p className="text-good">
            <Trans>This time is free.</Trans>
          </p>
        ) : (
          <ul className="list-disc pl-5">
            {reasons.map(({ code, message }) => (
              <li key={code}>{reasonWords[code] ? i18n._(reasonWords[code]) : message}</li>
            ))}
          </ul>
        )
      }
    </Remote>
  );
}
