import { Trans, useLingui } from '@lingui/react/macro';
import { useMessagePolicies } from '../api/messages.ts';
import { formatIn } from '../time/zone.ts';
import { AuthorName } from './author-name.tsx';
import { Card } from './page.tsx';
import { PolicyCompared } from './policy-compared.tsx';
import { Remote } from './remote.tsx';

/** Every policy that was in force, the newest first, with who set it and what they changed. */
export function PolicyVersions() {
  const { i18n, t } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'long', timeStyle: 'short' });
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
                  <p className="text-sm text-quiet">
                    {setAt && <time dateTime={setAt}>{at.format(new Date(setAt))}</time>} ·{' '}
                    <Trans>
                      set by <AuthorName id={setBy} />
                    </Trans>
                  </p>
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
