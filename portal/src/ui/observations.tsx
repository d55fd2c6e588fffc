import { Trans, useLingui } from '@lingui/react/macro';
import type { Observation } from '../api/types.ts';
import { momentAt, ownZone } from '../time/zone.ts';
import { flagNames } from '../words/alerts.ts';
import { valueShown } from '../words/measures.ts';
import { useMeasureName } from '../words/use-measure-name.ts';
import { Card } from './page.tsx';

/** What was measured at home and taken over into a record, the newest first; nothing where nothing was. */
export function Observations({ items }: { items: readonly Observation[] }) {
  if (items.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h2>
        <Trans>Measured at home</Trans>
      </h2>
      <ul className="grid gap-2">
        {items.map((each) => (
          <li key={each.id}>
            <Line of={each} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ of: { code, value, unit, effectiveAt, note, certainty, flags } }: { of: Observation }) {
  const { i18n, t } = useLingui();
  const name = useMeasureName()(code.coding?.[0]?.code ?? '', code.text);
  const known = [
    ...(certainty === 'doubtful' ? [t`perhaps of somebody else`] : []),
    ...flags.map((flag) => (flagNames[flag] ? i18n._(flagNames[flag]) : flag)),
  ];
  return (
    <Card className="grid gap-1 py-2">
      <p>
        {name}: <strong className="tabular-nums">{valueShown(value, unit, i18n.locale)}</strong>
      </p>
      <p className="text-sm text-quiet">{[momentAt(effectiveAt, ownZone(), i18n.locale), ...known].join(' · ')}</p>
      {note && <p className="whitespace-pre-wrap">{note}</p>}
    </Card>
  );
}
