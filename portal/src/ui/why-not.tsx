import { Trans, useLingui } from '@lingui/react/macro';
import { type TimeAsked, useExplained } from '../api/slots.ts';
import type { Appointment, SlotRefusal } from '../api/types.ts';
import { timeAt } from '../time/zone.ts';
import { reasonWords } from '../words/refusals.ts';
import { Remote } from './remote.tsx';

interface Props extends TimeAsked {
  moving?: Appointment;
}

/** Why a time is not offered, or that it is. */
export function WhyNot({ moving, ...query }: Props) {
  const { t } = useLingui();
  const answer = useExplained(query, moving);
  return (
    <Remote of={answer} label={t`why this time is not offered`}>
      {({ isOffered, reasons, zone }) =>
        isOffered ? (
          <p className="text-good">
            <Trans>This time is free.</Trans>
          </p>
        ) : (
          <ul className="list-disc pl-5">
            {reasons.map((each) => (
              <Reason key={each.code + (each.appointmentId ?? each.from ?? '')} reason={each} zone={zone} />
            ))}
          </ul>
        )
      }
    </Remote>
  );
}

function Reason({ reason, zone }: { reason: SlotRefusal; zone: string }) {
  const { i18n } = useLingui();
  const { code, message, from, until } = reason;
  const words = reasonWords[code];
  return (
    <li>
      {words ? i18n._(words) : message}
      {from && until && ` (${[from, until].map((each) => timeAt(each, zone, i18n.locale)).join(' – ')})`}
    </li>
  );
}
