import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { keptNowhere } from '../api/calendars.ts';
import { problemOf, Unreachable } from '../api/problem.ts';
import type { Webhook } from '../api/types.ts';
import { addWebhook, useWebhooksChanged } from '../api/webhooks.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { WebhookKeyShown } from '../ui/webhook-key-shown.tsx';
import { webhookEventNames, webhookEvents, webhookSignatures } from '../words/webhooks.ts';

const nothing = { name: '', url: '', types: [] as Webhook['types'], signedBy: 'hmac' as Webhook['signedBy'] };
const signatures = Object.keys(webhookSignatures) as Webhook['signedBy'][];

/** Has a program of others be told what happens. What it verifies by is shown once, and is in no draft. */
export function WebhookAdd() {
  const { i18n, t } = useLingui();
  const changed = useWebhooksChanged();
  const { values, set, clear, isDirty } = useDraft('webhook-add', nothing);
  const [isTried, setTried] = useState(false);
  const adding = useMutation({
    ...keptNowhere,
    mutationFn: () => addWebhook({ ...values, name: values.name.trim(), url: values.url.trim() }),
    onSuccess: () => {
      clear();
      setTried(false);
    },
    onSettled: changed,
  });
  useLeaveQuestion(isDirty);
  const refusedAt = useFieldProblems(adding.error);
  if (adding.data) return <WebhookKeyShown webhook={adding.data} onDone={adding.reset} />;
  // Of an address more is said than that it does not fit.
  const isAddressRefused = problemOf(adding.error)?.fields.some(
    ({ path, code }) => path === 'url' && code === 'INVALID',
  );
  const lacks = (is: boolean, words: string) => (isTried && is ? words : undefined);
  const isWhole = values.name.trim() !== '' && values.url.trim() !== '' && values.types.length > 0;
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Tell another program</Trans>
      </h2>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isWhole && !adding.isPending) adding.mutate();
        }}
      >
        <TextField
          isNeeded
          label={t`What it is called here`}
          maxLength={100}
          value={values.name}
          problem={lacks(values.name.trim() === '', t`This is needed.`) ?? refusedAt('name')}
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          type="url"
          isNeeded
          label={t`Address that is told`}
          hint={t`It begins with https://, and is on the public internet.`}
          maxLength={1_000}
          value={values.url}
          problem={
            lacks(values.url.trim() === '', t`This is needed.`) ??
            (isAddressRefused ? t`This is no https address on the public internet.` : refusedAt('url'))
          }
          onChange={(event) => set({ url: event.target.value })}
        />
        <Choices
          legend={<Trans>What it is told of</Trans>}
          problem={lacks(values.types.length === 0, t`Choose at least one.`) ?? refusedAt('types')}
          options={webhookEventNames.map((value) => ({ value, label: i18n._(webhookEvents[value]) }))}
          chosen={values.types}
          onChange={(types) => set({ types })}
        />
        <Choices
          isOne
          legend={<Trans>How it knows that it is us</Trans>}
          options={signatures.map((value) => ({ value, label: i18n._(webhookSignatures[value]) }))}
          chosen={[values.signedBy]}
          onChange={([signedBy]) => signedBy && set({ signedBy })}
        />
        {adding.error instanceof Unreachable ? (
          <Notice look="bad" role="alert" title={t`No answer came`}>
            <p>
              <Trans>
                It may be told from now on, or not: look first whether it stands above. If it does, its key was lost on
                the way, and is made anew on its page.
              </Trans>
            </p>
          </Notice>
        ) : (
          adding.error && <Failure error={adding.error} isSaidAtFields />
        )}
        <div>
          <Button type="submit" look="main" isBusy={adding.isPending}>
            <Trans>Begin to tell it</Trans>
          </Button>
        </div>
      </form>
    </section>
  );
}
