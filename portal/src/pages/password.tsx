import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { openApi, told } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import { CodeRedeem } from '../forms/code-redeem.tsx';
import { Entrance } from '../frame/entrance.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

const reset = ({ code, password }: { code: string; password: string }) =>
  told(openApi.POST('/api/auth/password/reset', { body: { code, newPassword: password } }));

/** Somebody who no longer knows their password chooses another, with a code from a mail or from the desk. */
export function Password() {
  const { t } = useLingui();
  const [step, setStep] = useState<'address' | 'code' | 'done'>('address');
  return (
    <Entrance>
      <Page title={t`Choose another password`}>
        {step === 'address' && <Ask onAsked={() => setStep('code')} />}
        {step === 'code' && (
          <>
            <Notice role="status" title={t`Look into your mail`}>
              <p>
                <Trans>
                  If somebody signs in with that address, a code was sent to it. The practice can give you one too.
                </Trans>
              </p>
            </Notice>
            <CodeRedeem redeem={reset} onDone={() => setStep('done')} />
          </>
        )}
        {step === 'done' && (
          <Notice look="good" role="status" title={t`The password was changed`}>
            <p>
              <Trans>You are signed out everywhere. Sign in with the new one.</Trans>
            </p>
            <div>
              <Link to="/" className={buttonLook({ look: 'main' })}>
                <Trans>Sign in</Trans>
              </Link>
            </div>
          </Notice>
        )}
      </Page>
    </Entrance>
  );
}

function Ask({ onAsked }: { onAsked: () => void }) {
  const { t } = useLingui();
  const [email, setEmail] = useState('');
  const asking = useMutation({
    mutationFn: () => told(openApi.POST('/api/auth/password/codes', { body: { email: email.trim() } })),
    onSuccess: onAsked,
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!asking.isPending) asking.mutate();
      }}
    >
      <TextField
        type="email"
        label={t`E-mail address`}
        hint={t`The one that you sign in with`}
        autoComplete="username"
        required
        maxLength={254}
        problem={problemOf(asking.error)?.fields[0]?.message}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      {asking.error && <Failure error={asking.error} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" isBusy={asking.isPending}>
          <Trans>Send me a code</Trans>
        </Button>
        <Button look="quiet" onClick={onAsked}>
          <Trans>I have a code already</Trans>
        </Button>
      </div>
    </form>
  );
}
