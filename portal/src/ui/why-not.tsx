import { Trans, useLingui } from '@lingui/react/macro';
import { type TimeAsked, useExplanation } from '../api/slots.ts';
import { reasonWords } from '../words/refusals.ts';
import { Remote } from './remote.tsx';

/** Why a time is not offered, or that it is. */
export function WhyNot(asked: TimeAsked) {
  const { i18n, t } = useLingui();
  const answer = useExplanation(asked);
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
