import { useLingui } from '@lingui/react/macro';
import type { ImpossibleOccurrence } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';
import { reasonWords } from '../words/refusals.ts';

/** Each appointment of a series that cannot be, with all that is in its way. */
export function Impossible({ impossible }: { impossible: readonly ImpossibleOccurrence[] }) {
  const { i18n } = useLingui();
  return (
    <ul className="list-disc pl-5">
      {impossible.map(({ local, reasons }) => (
        <li key={local}>
          <span className="font-semibold first-letter:uppercase">
            {dateInWords(local.slice(0, 10), i18n.locale, 'full')}, {local.slice(11, 16)}
          </span>
          {': '}
          {reasons.map(({ code, message }) => (reasonWords[code] ? i18n._(reasonWords[code]) : message)).join(' ')}
        </li>
      ))}
    </ul>
  );
}
