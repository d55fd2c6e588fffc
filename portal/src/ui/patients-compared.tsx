import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { nameOfPatient } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';

/** Two patients side by side, what differs marked: with a word, not by colour alone. */
export function PatientsCompared({ one, other }: { one: Patient; other: Patient }) {
  const { i18n, t } = useLingui();
  const day = (date: string | undefined) => (date ? dateInWords(date.slice(0, 10), i18n.locale, 'medium') : '');
  const lines: [ReactNode, (patient: Patient) => string][] = [
    [<Trans key="names">Given names</Trans>, ({ givenNames }) => givenNames.join(' ')],
    [<Trans key="family">Family name</Trans>, ({ familyName }) => familyName],
    [<Trans key="birthname">Name at birth</Trans>, ({ birthName }) => birthName ?? ''],
    [<Trans key="born">Born</Trans>, ({ birthDate }) => day(birthDate)],
    [<Trans key="reach">Telephone and e-mail</Trans>, ({ telecom }) => telecom.map(({ value }) => value).join(', ')],
    [
      <Trans key="address">Address</Trans>,
      ({ address }) => [...(address?.line ?? []), address?.postalCode, address?.city].filter(Boolean).join(', '),
    ],
    [
      <Trans key="numbers">Identity numbers</Trans>,
      ({ identifiers }) => identifiers.map(({ value }) => value).join(', '),
    ],
    [<Trans key="last">Last visit</Trans>, ({ lastVisit }) => day(lastVisit?.start)],
    [<Trans key="next">Next visit</Trans>, ({ nextVisit }) => day(nextVisit?.start)],
    [<Trans key="since">Taken in on</Trans>, ({ createdAt }) => day(createdAt)],
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached with the keyboard (WCAG 2.1.1)
    <section className="overflow-x-auto" tabIndex={0} aria-label={t`Both side by side`}>
      <table className="w-full border-collapse text-left [&_td]:border-t [&_td]:border-line [&_td]:p-2 [&_th]:p-2">
        <thead>
          <tr>
            <td className="border-t-0!" />
            {[one, other].map((each) => (
              <th key={each.id} scope="col">
                {nameOfPatient(each)}
              </th>
            ))}
            <td className="border-t-0!" />
          </tr>
        </thead>
        <tbody>
          {lines.map(([label, textOf], nth) => {
            const [first, second] = [textOf(one), textOf(other)];
            const differs = first !== second;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines are always the same
              <tr key={nth} className={differs ? 'bg-warn-paper' : ''}>
                <th scope="row" className="font-normal text-quiet">
                  {label}
                </th>
                <td>{first || '–'}</td>
                <td>{second || '–'}</td>
                <td className="text-sm text-warn">{differs && <Trans>differs</Trans>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
