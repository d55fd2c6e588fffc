import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccountChanged, useFactors } from '../api/account.ts';
import { api, told } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { FailureOrSignIn } from '../ui/fresh-sign-in.tsx';
import { Notice } from '../ui/notice.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { Remote } from '../ui/remote.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** An app that makes codes beside the password: set up, and turned off. Its secret and the recovery codes are shown once, and kept nowhere here. */
export function CodesApp() {
  const { t } = useLingui();
  const factors = useFactors();
  const changed = useAccountChanged();
  const [codes, setCodes] = useState<string[]>();
  const show = ({ items }: { items: string[] }) => {
    setCodes(items);
    changed();
  };
  return (
    <section className="grid gap-3" aria-labelledby="codes">
      <h2 id="codes">
        <Trans>Codes of an app</Trans>
      </h2>
      {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      <Remote of={factors} label={t`second factors`}>
        {({ totp, recoveryCodes }) =>
          totp ? <TurnedOn codesLeft={recoveryCodes} onCodes={show} /> : <SetUp onCodes={show} />
        }
      </Remote>
    </section>
  );
}

interface Codes {
  onCodes: (codes: { items: string[] }) => void;
}

function SetUp({ onCodes }: Codes) {
  const { t } = useLingui();
  const [code, setCode] = useState('');
  const beginning = useMutation({ mutationFn: () => told(api.POST('/api/auth/second-factors/totp')) });
  const confirming = useMutation({
    mutationFn: () => told(api.POST('/api/auth/second-factors/totp/confirm', { body: { code } })),
    onSuccess: onCodes,
  });
  if (!beginning.data)
    return (
      <>
        <p className="text-quiet">
          <Trans>With an app on your telephone a stolen password alone opens nothing.</Trans>
        </p>
        {beginning.error && <FailureOrSignIn error={beginning.error} onAgain={beginning.mutate} />}
        <div>
          <Button onClick={() => beginning.mutate()} isBusy={beginning.isPending}>
            <Trans>Set up an app</Trans>
          </Button>
        </div>
      </>
    );
  const { uri, secret } = beginning.data;
  const isWrong = problemOf(confirming.error)?.code === 'AUTH.WRONG_FACTOR_CODE';
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (/^\d{6}$/.test(code) && !confirming.isPending) confirming.mutate();
      }}
    >
      <ol className="grid list-decimal gap-4 pl-5">
        <li>
          <p>
            <Trans>Show this picture to the app, or type the key into it.</Trans>
          </p>
          <QrCode text={uri} label={t`Picture for the camera of the app; the key below says the same`} />
          <p className="pt-2">
            <Trans>
              Key: <code className="font-semibold break-all select-all">{secret.match(/.{1,4}/g)?.join(' ')}</code>
            </Trans>
          </p>
        </li>
        <li>
          <TextField
            label={t`Type the six digits that the app shows`}
            isNeeded
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            problem={isWrong ? t`This code is not right, or no longer. Type the one that is shown now.` : undefined}
            value={code}
            onChange={(event) => setCode(event.target.value.replaceAll(/\D/g, ''))}
          />
        </li>
      </ol>
      {confirming.error && !isWrong && <FailureOrSignIn error={confirming.error} onAgain={confirming.mutate} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" disabled={code.length < 6} isBusy={confirming.isPending}>
          <Trans>Turn on</Trans>
        </Button>
        <Button onClick={beginning.reset}>
          <Trans>Not now</Trans>
        </Button>
      </div>
    </form>
  );
}

function TurnedOn({ codesLeft, onCodes }: Codes & { codesLeft: number }) {
  const { t } = useLingui();
  const changed = useAccountChanged();
  const [isAsking, setAsking] = useState(false);
  const renewing = useMutation({
    mutationFn: () => told(api.POST('/api/auth/second-factors/recovery-codes')),
    onSuccess: onCodes,
  });
  const removing = useMutation({
    mutationFn: () => told(api.DELETE('/api/auth/second-factors/totp')),
    onSuccess: () => setAsking(false),
    onSettled: changed,
  });
  return (
    <>
      <Notice look={codesLeft > 2 ? 'good' : 'warn'} title={t`A code is asked for beside your password`}>
        <p>
          <Plural value={codesLeft} one="# recovery code is left." other="# recovery codes are left." />
        </p>
      </Notice>
      {renewing.error && <FailureOrSignIn error={renewing.error} onAgain={renewing.mutate} />}
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => renewing.mutate()} isBusy={renewing.isPending}>
          <Trans>Make new recovery codes</Trans>
        </Button>
        <Button look="danger" onClick={() => setAsking(true)}>
          <Trans>Turn off</Trans>
        </Button>
      </div>
      {isAsking && (
        <Dialog title={t`Turn off the codes of the app?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>Your password alone signs you in then. The recovery codes are good for nothing any more.</Trans>
          </p>
          {removing.error && <FailureOrSignIn error={removing.error} onAgain={removing.mutate} />}
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => removing.mutate()} isBusy={removing.isPending}>
              <Trans>Turn off</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Leave it as it is</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
