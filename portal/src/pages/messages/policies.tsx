import { Trans, useLingui } from '@lingui/react/macro';
import { useMessagePolicy } from '../../api/messages.ts';
import { usePractitioners } from '../../api/practitioners.ts';
import type { MessagePolicyVersion } from '../../api/types.ts';
import { isWholePolicy, policyOf, useMessagePolicyDraft } from '../../forms/message-policy-draft.ts';
import { MessagePolicySet } from '../../forms/message-policy-set.tsx';
import { MessagePolicyTry } from '../../forms/message-policy-try.tsx';
import { usePerson } from '../../session/use-session.ts';
import { MessagePages } from '../../ui/message-pages.tsx';
import { Page } from '../../ui/page.tsx';
import { PolicyShown } from '../../ui/policy-compared.tsx';
import { PolicyVersions } from '../../ui/policy-versions.tsx';
import { Remote } from '../../ui/remote.tsx';

/** Which messages leave when: what is set, what an appointment would send by it, and who set what before. */
export function MessagePolicies() {
  const { t } = useLingui();
  return (
    <Page title={t`When messages leave`}>
      <MessagePages />
      <p className="text-quiet">
        <Trans>
          All times are by the clock of the practice. What is set here holds for what lies ahead within a minute, for
          what is planned already too.
        </Trans>
      </p>
      <Remote of={useMessagePolicy()} label={t`when messages leave`}>
        {(current) => <Policy current={current} />}
      </Remote>
      <section className="grid gap-3">
        <h2>
          <Trans>Who set what</Trans>
        </h2>
        <PolicyVersions />
      </section>
    </Page>
  );
}

function Policy({ current }: { current: MessagePolicyVersion }) {
  const { t } = useLingui();
  const draft = useMessagePolicyDraft(current);
  const practitioners = usePractitioners('');
  // Practitioners read it; the desk and administrators set it.
  const maySet = usePerson().roles.some((role) => role === 'secretary' || role === 'admin');
  const typed = maySet && draft.isDirty && isWholePolicy(draft.values) ? policyOf(draft.values) : undefined;
  return (
    <Remote of={practitioners} label={t`practitioners`}>
      {(all) => (
        <>
          {maySet ? (
            <MessagePolicySet current={current} draft={draft} practitioners={all} />
          ) : (
            <PolicyShown policy={current.policy} />
          )}
          <section className="grid gap-3">
            <h2>
              <Trans>What an appointment would send</Trans>
            </h2>
            <MessagePolicyTry practitioners={all} policy={typed} />
          </section>
        </>
      )}
    </Remote>
  );
}
