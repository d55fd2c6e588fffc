import { useLingui } from '@lingui/react/macro';
import { useDelegationRuleVersions } from '../api/delegations.ts';
import { worksForNames } from '../words/delegations.ts';
import { Remote } from './remote.tsx';
import { SetBy } from './set-by.tsx';

/** For whom secretaries worked, the newest first, since when, and who set it. */
export function DelegationRuleVersions({ version }: { version: number }) {
  const { i18n, t } = useLingui();
  return (
    <Remote of={useDelegationRuleVersions(version)} label={t`what was set before`}>
      {({ items }) => (
        <ol className="grid gap-2">
          {items.map((each) => (
            <li key={each.version} className="border-t border-line pt-2">
              <p>{i18n._(worksForNames[each.secretariesWorkFor])}</p>
              <SetBy changedAt={each.changedAt} changedBy={each.changedBy} />
            </li>
          ))}
        </ol>
      )}
    </Remote>
  );
}
