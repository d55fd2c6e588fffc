import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccountChanged } from '../api/account.ts';
import { api, told } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import { useLeaveQuestion } from '../session/drafts.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { isLongEnough, NewPasswordField } from '../ui/new-password-field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Tick } from '../ui/tick.tsx';

/** Changes the password. What is typed here is kept nowhere: a password is no draft. */
export function PasswordChange() {
  const { t } = useLingui();
  const { email } = usePerson();
  const changed = useAccountChanged();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [isShown, setShown] = useState(false);
  const [isTried, setTried] = useState(false);
  useLeaveQuestion(current !== '' || next !== '');
  const changing = useMutation({
    mutationFn: () => told(api.POST('/api/auth/password', { body: { currentPassword: current, newPassword: next } })),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setTried(false);
      changed();
    },
  });
  const code = problemOf(changing.error)?.code;
  const type = isShown ? 'text' : 'password';
  const isFit = current !== '' && isLongEnough(next);
  return (
    <section className="grid gap-3" aria-labelledby="password">
      <h2 id="password">
        <Trans>Password</Trans>
      </h2>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isFit && !changing.isPending) changing.mutate();
        }}
      >
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <TextField
          type={type}
          label={t`Your password now`}
          isNeeded
          autoComplete="current-password"
          maxLength={256}
          problem={
            code === 'AUTH.WRONG_PASSWORD'
              ? t`This is not your password.`
              : isTried && current === ''
                ? t`Give the password that you sign in with now.`
                : undefined
          }
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <NewPasswordField value={next} onChange={setNext} isShown={isShown} isTried={isTried} refusal={code} />
        <Tick is={isShown} onChange={setShown}>
          <Trans>Show what I type</Trans>
        </Tick>
        {changing.error && <Failure error={changing.error} />}
        {changing.isSuccess && (
          <Notice look="good" role="status" title={<Trans>The password was changed</Trans>}>
            <p>
              <Trans>You are signed out everywhere else.</Trans>
            </p>
          </Notice>
        )}
        <div>
          <Button type="submit" isBusy={changing.isPending}>
            <Trans>Change the password</Trans>
          </Button>
        </div>
      </form>
    </section>
  );
}
