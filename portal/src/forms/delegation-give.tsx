import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { useDelegates, useDelegationsChanged } from '../api/delegations.ts';
import { useIntent } from '../api/intent.ts';
import type { DelegationRequest } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { endOfDay } from '../time/days.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { Remote } from '../ui/remote.tsx';
import { delegateNames, scopeNames } from '../words/delegations.ts';

type As = DelegationRequest['as'];
type Scope = DelegationRequest['scopes'][number];

const nothing = { delegateId: '', as: 'secretary' as As, scopes: ['agenda'] as Scope[], lastDay: '' };

/** A practitioner lets a colleague work for them. */
export function DelegationGive() {
  const { i18n, t } = useLingui();
  const changed = useDelegationsChanged();
  const intent = useIntent();
  const delegates = useDelegates();
  const { values, set, clear } = useDraft('delegation-give', nothing);
  const { delegateId, as, scopes, lastDay } = values;
  const giving = useMutation({
    mutationFn: () => {
      const body: DelegationRequest = { delegateId, as, scopes, ...(lastDay && { until: endOfDay(lastDay) }) };
      return intent(body, (header) => told(api.POST('/api/auth/delegations', { body, params: { header } })));
    },
    onSuccess: () => {
      clear();
      return changed();
    },
  });
  const problemAt = useFieldProblems(giving.error);
  const isLocum = as === 'locum';
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Let a colleague work for you</Trans>
      </h2>
      {giving.isSuccess && (
        <Notice look="good" role="status" title={t`${giving.data.delegateEmail} works for you from now on`} />
      )}
      <Remote
        of={delegates}
        label={t`colleagues`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is no colleague who could.</Trans>}
      >
        {({ items }) => {
          const able = items.filter(({ roles }) => roles.includes(isLocum ? 'practitioner' : 'secretary'));
          return (
            <form
              className="grid gap-4"
              onSubmit={(event) => {
                event.preventDefault();
                if (!giving.isPending) giving.mutate();
              }}
            >
              <Choices
                isOne
                isRow
                legend={<Trans>As what?</Trans>}
                options={(Object.keys(delegateNames) as As[]).map((value) => ({
                  value,
                  label: i18n._(delegateNames[value]),
                }))}
                chosen={[as]}
                onChange={([next = as]) => set({ as: next, delegateId: '' })}
              />
              <ChoiceField
                label={t`Who?`}
                value={delegateId}
                required
                problem={problemAt('delegateId')}
                onChange={(event) => set({ delegateId: event.target.value })}
              >
                <option value="">{t`Choose`}</option>
                {able.map(({ id, email }) => (
                  <option key={id} value={id}>
                    {email}
                  </option>
                ))}
              </ChoiceField>
              <Choices
                legend={<Trans>Of what?</Trans>}
                problem={problemAt('scopes')}
                options={(Object.keys(scopeNames) as Scope[]).map((value) => ({
                  value,
                  label: i18n._(scopeNames[value]),
                }))}
                chosen={scopes}
                onChange={(next) => set({ scopes: next })}
              />
              <TextField
                type="date"
                label={t`Last day`}
                hint={isLocum ? t`A locum is given one` : t`Left empty: until it is ended`}
                required={isLocum}
                value={lastDay}
                problem={problemAt('until')}
                onChange={(event) => set({ lastDay: event.target.value })}
              />
              {giving.error && <Failure error={giving.error} />}
              <div>
                <Button type="submit" look="main" isBusy={giving.isPending} disabled={scopes.length === 0}>
                  <Trans>Delegate</Trans>
                </Button>
              </div>
            </form>
          );
        }}
      </Remote>
    </section>
  );
}
