import { Trans, useLingui } from '@lingui/react/macro';
import { useMessagePolicies } from '../api/messages.ts';
import { Card } from './page.tsx';
import { PolicyCompared } from './policy-compared.tsx';
import { Remote } from './remote.tsx';
import { SetBy } from './set-by.tsx';

/** Every policy that was in force, the newest first, with who set it and what they changed. */
export function PolicyVersions() {
  const { t } = useLingui();
  return (
    <Remote
      of={useMessagePolicies()}
      label={t`what was so before`}
      isNone={({ items }) => items.length === 0}
      none={<Trans>The practice has set nothing of its own: what is usual holds.</Trans>}
    >
      {({ items }) => (
        <ol className="grid gap-2">
          {items.map(({ version, policy, setBy, setAt }, nth) => {
            const before = items[nth + 1];
            return (
              <li key={version}>
                <Card className="grid gap-2">
                  <SetBy changedAt={setAt} changedBy={setBy} />
                  {before ? (
                    <PolicyCompared before={before.policy} after={policy} />
                  ) : (
                    <p>
                      <Trans>The first of those that are kept.</Trans>
                    </p>
                  )}
                </Card>
              </li>
            );
          })}
        </ol>
      )}
    </Remote>
  );
}
