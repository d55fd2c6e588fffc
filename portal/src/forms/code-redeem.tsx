import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { isLongEnough, NewPasswordField } from '../ui/new-password-field.tsx';
import { Tick } from '../ui/tick.tsx';

interface Props {
  redeem: (said: { code: string; password: string; email?: string }) => Promise<unknown>;
  /** Besides, the address to sign in with: a code on paper may be of somebody whose address nobody knew. */
  asksEmail?: boolean;
  onDone: () => void;
}

/** A code that came by mail or on paper, and the password that somebody chooses with it. Neither is kept in a draft. */
export function CodeRedeem({ redeem, asksEmail = false, onDone }: Props) {
  const { t } = useLingui();
  const [code, setCode] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isShown, setShown] = useState(false);
  const [isTried, setTried] = useState(false);
  const address = email.trim();
  const redeeming = useMutation({
    mutationFn: () => redeem({ code: code.trim(), password, ...(address && { email: address }) }),
    onSuccess: onDone,
  });
  const refusal = problemOf(redeeming.error)?.code;
  const refusedEmail = problemOf(redeeming.error)?.fields.find(({ path }) => path === 'email');
  const isFit = code.trim() !== '' && isLongEnough(password);
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isFit && !redeeming.isPending) redeeming.mutate();
      }}
    >
      <TextField
        label={t`Code`}
        isNeeded
        hint={t`Such as 7K3F-9QXM-2BTR, from the mail or the paper`}
        autoComplete="one-time-code"
        maxLength={40}
        problem={
          refusal === 'AUTH.NO_SUCH_CODE'
            ? t`This code is not right, or is good no more.`
            : isTried && code.trim() === ''
              ? t`This is needed.`
              : undefined
        }
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      {asksEmail && (
        <TextField
          type="email"
          label={t`E-mail address`}
          isNeeded
          hint={t`Needed only where the invitation came on paper, without your address on it`}
          autoComplete="username"
          maxLength={254}
          problem={refusedEmail && (address === '' ? t`This is needed.` : t`This is no e-mail address.`)}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
      <NewPasswordField value={password} onChange={setPassword} isShown={isShown} isTried={isTried} refusal={refusal} />
      <Tick is={isShown} onChange={setShown}>
        <Trans>Show what I type</Trans>
      </Tick>
      {redeeming.error && <Failure error={redeeming.error} isSaidAtFields={refusedEmail !== undefined} />}
      <div>
        <Button type="submit" look="main" isBusy={redeeming.isPending}>
          <Trans>Choose this password</Trans>
        </Button>
      </div>
    </form>
  );
}
