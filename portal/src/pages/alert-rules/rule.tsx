import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useRule, useRuleVersions } from '../../api/alert-rules.ts';
import { RuleEdit } from '../../forms/rule-edit.tsx';
import { RuleEnable } from '../../forms/rule-enable.tsx';
import { momentAt, ownZone } from '../../time/zone.ts';
import { AuthorName } from '../../ui/author-name.tsx';
import { Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { useRuleWords } from '../../watch/rule-words.ts';

/** One rule: whether it watches, what it says, and all that it ever said. */
export function RulePage() {
  const { t } = useLingui();
  const { ruleId } = useParams({ from: '/signed-in-people/alert-rules/$ruleId' });
  const rule = useRule(ruleId);
  return (
    <Page
      title={rule.data?.document.title ?? t`Rule`}
      beside={
        <Link to="/alert-rules">
          <Trans>All rules</Trans>
        </Link>
      }
    >
      <Remote of={rule} label={t`the rule`}>
        {(found) => (
          <>
            <RuleEnable key={found.version} rule={found} />
            <RuleEdit rule={found} onSaved={() => undefined} />
            <Before ruleId={ruleId} />
          </>
        )}
      </Remote>
    </Page>
  );
}

/** Read once it is unfolded. */
function Before({ ruleId }: { ruleId: string }) {
  const { i18n, t } = useLingui();
  const [isOpened, setOpened] = useState(false);
  const versions = useRuleVersions(ruleId, isOpened);
  const words = useRuleWords();
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="cursor-pointer font-semibold">
        <Trans>All that it ever said</Trans>
      </summary>
      {isOpened && (
        <Remote of={versions} label={t`versions of the rule`}>
          {({ items }) => (
            <ol className="grid gap-2 pt-3">
              {items.map(({ version, document, author, at }) => (
                <li key={version} className="border-l-2 border-line pl-3">
                  <p className="text-sm text-quiet">
                    <Trans>
                      Version {version}, {momentAt(at, ownZone(), i18n.locale)}, by <AuthorName id={author} />
                    </Trans>
                  </p>
                  <p>
                    {document.title}: {words.condition(document.condition)}
                  </p>
                </li>
              ))}
            </ol>
          )}
        </Remote>
      )}
    </details>
  );
}
