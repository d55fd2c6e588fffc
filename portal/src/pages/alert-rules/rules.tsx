import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useRules } from '../../api/alert-rules.ts';
import type { AlertRule } from '../../api/types.ts';
import { buttonLook } from '../../ui/button.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { useWatcherName } from '../../watch/names.ts';
import { NotEmergency } from '../../watch/not-emergency.tsx';
import { useRuleWords } from '../../watch/rule-words.ts';
import { priorityNames, ruleStates } from '../../words/alerts.ts';

/** The rules of the practice: what rings, and whom. Those of one patient stand at what is measured of them. */
export function Rules() {
  const { t } = useLingui();
  return (
    <Page
      title={t`What is watched`}
      beside={
        <Link to="/alert-rules/new" className={buttonLook({ look: 'main' })}>
          <Trans>Write a rule</Trans>
        </Link>
      }
    >
      <Remote
        of={useRules()}
        label={t`what is watched`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is no rule yet: nothing that is measured rings anybody.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-3">
            {items.map((each) => (
              <li key={each.id}>
                <Line rule={each} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
      <NotEmergency />
    </Page>
  );
}

function Line({ rule: { id, document, status, version, enabledVersion } }: { rule: AlertRule }) {
  const { i18n } = useLingui();
  const words = useRuleWords();
  const nameOf = useWatcherName();
  const first = document.steps[0]?.to.map(nameOf).join(', ');
  return (
    <Card className="relative grid gap-1 hover:border-accent">
      <p className="font-semibold">
        <Link
          to="/alert-rules/$ruleId"
          params={{ ruleId: id }}
          className="text-ink no-underline after:absolute after:inset-0"
        >
          {document.title}
        </Link>
      </p>
      <p>{words.condition(document.condition)}</p>
      <p className="text-sm text-quiet">
        {i18n._(ruleStates[status])}
        {' · '}
        {i18n._(priorityNames[document.priority])}
        {' · '}
        <Trans>told first: {first}</Trans>
        {enabledVersion !== undefined && enabledVersion !== version && (
          <>
            {' · '}
            <Trans>a newer version waits to be turned on</Trans>
          </>
        )}
      </p>
    </Card>
  );
}
