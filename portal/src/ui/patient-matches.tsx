import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { nameOfPatient } from '../api/patients.ts';
import type { PatientMatch } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';

interface Props {
  matches: PatientMatch[];
  /** What can be done with one. */
  beside: (match: PatientMatch) => ReactNode;
}

/** Patients who may be meant, the likeliest first, with what agrees. */
export function PatientMatches({ matches, beside }: Props) {
  const { i18n } = useLingui();
  return (
    <ul className="grid gap-2">
      {matches.map((match) => {
        const { familyName, birthName, givenNames, birthDate, agreement } = match;
        return (
          <li
            key={match.patientId}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 rounded-field border border-line bg-surface px-3 py-2"
          >
            <span>
              <span className="font-semibold">{nameOfPatient({ familyName, givenNames })}</span>
              {birthName && birthName !== familyName && ` (${birthName})`}
              {', '}
              {dateInWords(birthDate, i18n.locale, 'medium')}
              <span className="block text-sm text-quiet">
                {agreement.email === 'same' && <Trans>same e-mail address</Trans>}
                {agreement.email === 'same' && agreement.phone === 'same' && ', '}
                {agreement.phone === 'same' && <Trans>same telephone</Trans>}
                {agreement.email === 'different' && <Trans>another e-mail address is known</Trans>}
              </span>
            </span>
            {beside(match)}
          </li>
        );
      })}
    </ul>
  );
}
