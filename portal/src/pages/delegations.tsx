import { Trans, useLingui } from '@lingui/react/macro';
import { useDelegationRule, useDelegations } from '../api/delegations.ts';
import { nameOfPractitioner, usePractitioner } from '../api/practitioners.ts';
import type { Delegation } from '../api/types.ts';
import { DelegationEnd } from '../forms/delegation-end.tsx';
import { DelegationGive } from '../forms/delegation-give.tsx';
import { DelegationRuleSet } from '../forms/delegation-rule-set.tsx';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { formatIn } from '../time/zone.ts';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';
import { delegateNames, scopeNames } from '../words/delegations.ts';

/** Who works for whom: a practitioner's own and those they have; for an admin all, and the rule of the practice. */
export function Delegations() {
  const { t } = useLingui();
  const hat = useHat(usePerson());
  const delegations = useDelegations();
  return (
    <Page title={t`Delegations`}>
      {hat === 'admin' && <Rule />}
      <Remote
        of={delegations}
        label={t`delegations`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>There is none.</Trans>}
      >
        {({ pages }) => (
          <ul className="grid gap-2">
            {pages
              .flatMap(({ items }) => items)
              .map((each) => (
                <li key={each.id}>
                  <Line delegation={each} />
                </li>
              ))}
          </ul>
        )}
      </Remote>
      <ShowMore of={delegations} />
      {hat === 'practitioner' && <DelegationGive />}
    </Page>
  );
}

function Line({ delegation }: { delegation: Delegation }) {
  const { i18n } = useLingui();
  const { data: practitioner } = usePractitioner(delegation.practitionerId);
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  const { delegateEmail, as, scopes, from, until } = delegation;
  const role = i18n._(delegateNames[as]);
  const matters = scopes.map((each) => i18n._(scopeNames[each])).join(', ');
  const whose = practitioner ? nameOfPractitioner(practitioner) : '…';
  return (
    <Card className="flex flex-wrap items-center gap-3">
      <div className="min-w-60 flex-1">
        <p className="font-semibold">
          <Trans>
            {delegateEmail} for {whose}
          </Trans>
        </p>
        <p>
          <Trans>
            {role}: {matters}
          </Trans>
        </p>
        <p className="text-sm text-quiet">
          {until ? (
            <Trans>
              from {at.format(new Date(from))} until {at.format(new Date(until))}
            </Trans>
          ) : (
            <Trans>from {at.format(new Date(from))} until it is ended</Trans>
          )}
        </p>
      </div>
      <DelegationEnd delegation={delegation} />
    </Card>
  );
}

function Rule() {
  const { t } = useLingui();
  return (
    <Card>
      <Remote of={useDelegationRule()} label={t`the rule of the practice`}>
        {(rule) => <DelegationRuleSet rule={rule} />}
      </Remote>
    </Card>
  );
}
