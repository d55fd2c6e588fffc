import { Trans, useLingui } from '@lingui/react/macro';
import type { Erasure, Fate } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';
import { keptReasons, kindName, outcomes, serviceName } from '../words/erasure.ts';
import { Card } from './page.tsx';

/** What each part of the practice's system did with what it had: a receipt, also on paper. */
export function ErasureReceipts({ erasure }: { erasure: Erasure }) {
  const { i18n } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'long', timeStyle: 'short' });
  return (
    <ul className="grid gap-3">
      {erasure.receipts?.map(({ service, patientId, receivedAt, what }) => {
        const name = serviceName(service);
        return (
          <li key={service + patientId}>
            <Card className="grid gap-2">
              <h2>{name ? i18n._(name) : service}</h2>
              <p className="text-sm text-quiet">
                <Trans>
                  Receipt of {at.format(new Date(receivedAt))}, for {patientId}
                </Trans>
              </p>
              <ul className="list-disc pl-5">
                {what.map((fate) => (
                  <li key={fate.kind}>
                    <FateLine fate={fate} />
                  </li>
                ))}
              </ul>
            </Card>
          </li>
        );
      })}
    </ul>
  );
}

function FateLine({ fate: { kind, count, outcome, reason, rule, until } }: { fate: Fate }) {
  const { i18n } = useLingui();
  const name = kindName(kind);
  const words = name ? i18n._(name) : kind;
  const what = count === undefined ? words : `${words} (${count})`;
  const end = until && formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(until));
  return (
    <>
      <Trans>
        {what}: <strong>{i18n._(outcomes[outcome])}</strong>
      </Trans>
      {end && (
        <>
          {' '}
          <Trans>until {end}</Trans>
        </>
      )}
      {reason && <span className="block text-sm">{i18n._(keptReasons[reason])}</span>}
      {rule && <span className="block text-sm text-quiet">{rule}</span>}
    </>
  );
}
