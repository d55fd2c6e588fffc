import { Trans, useLingui } from '@lingui/react/macro';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useHat } from '../session/hat.ts';
import { useReadsLedger } from '../session/reads-ledger.ts';
import { usePerson } from '../session/use-session.ts';

/** What there is about messages for whoever is here; on each of these pages. */
export function MessagePages() {
  const { t } = useLingui();
  const hat = useHat(usePerson());
  const readsLedger = useReadsLedger();
  return (
    <nav aria-label={t`Pages about messages`} className="unprinted">
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {readsLedger && (
          <Item to="/messages" activeOptions={{ exact: true, includeSearch: false }}>
            <Trans>Messages of a day</Trans>
          </Item>
        )}
        <Item to="/messages/delivery" activeOptions={{ includeSearch: false }}>
          <Trans>What arrives</Trans>
        </Item>
        {hat === 'secretary' && (
          <Item to="/messages/unreachable">
            <Trans>Addresses that do not work</Trans>
          </Item>
        )}
        <Item to="/messages/policies">
          <Trans>When messages leave</Trans>
        </Item>
        <Item to="/messages/templates">
          <Trans>What messages say</Trans>
        </Item>
        {hat === 'admin' && (
          <Item to="/messages/webhooks">
            <Trans>Other programs</Trans>
          </Item>
        )}
      </ul>
    </nav>
  );
}

const Item = ({ children, ...link }: LinkProps & { children: ReactNode }) => (
  <li>
    <Link {...link} activeProps={{ className: 'font-semibold' }}>
      {children}
    </Link>
  </li>
);
