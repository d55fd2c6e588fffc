import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, told } from '../api/client.ts';
import { delegationRuleKey } from '../api/delegations.ts';
import type { DelegationRule } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { worksForNames } from '../words/delegations.ts';

/** Says whether secretaries work for the whole practice, or for those alone who delegated to them. */
export function DelegationRuleSet({ rule }: { rule: DelegationRule }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(rule.secretariesWorkFor);
  const setting = useMutation({
    mutationFn: () =>
      told(
        api.PUT('/api/auth/delegation-rule', {
          params: { header: ifMatch(rule) },
          body: { secretariesWorkFor: chosen },
        }),
      ),
    onSuccess: (set) => client.setQueryData(delegationRuleKey, set),
    onError: () => client.invalidateQueries({ queryKey: delegationRuleKey }),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!setting.isPending) setting.mutate();
      }}
    >
      <Choices
        isOne
        legend={<Trans>For whom do secretaries work?</Trans>}
        hint={t`It takes effect within ten seconds, for every secretary.`}
        options={[
          { value: 'all', label: i18n._(worksForNames.all) },
          { value: 'named', label: i18n._(worksForNames.named) },
        ]}
        chosen={[chosen]}
        onChange={([next = chosen]) => setChosen(next)}
      />
      {setting.error && <Failure error={setting.error} />}
      {setting.isSuccess && chosen === rule.secretariesWorkFor && <Notice look="good" role="status" title={t`Saved`} />}
      <div>
        <Button type="submit" isBusy={setting.isPending} disabled={chosen === rule.secretariesWorkFor}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}
