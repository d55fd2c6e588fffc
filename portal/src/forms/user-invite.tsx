import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { keptNowhere } from '../api/calendars.ts';
import { problemOf, Unreachable } from '../api/problem.ts';
import { type InvitationRequest, invite, useInvitationsChanged } from '../api/users.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { CodeShown } from '../ui/code-shown.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { linksOf, noRights, type Rights, UserRights } from './user-rights.tsx';

const nothing = { ...noRights, email: '', channel: 'mail' as InvitationRequest['channel'] };

/** Invites somebody who cannot sign in yet; there is no user until they accept. A code on paper is shown once, and is in no draft. */
export function UserInvite() {
  const { i18n, t } = useLingui();
  const changed = useInvitationsChanged();
  const { values, set, clear, isDirty } = useDraft('user-invite', nothing);
  const [isTried, setTried] = useState(false);
  const inviting = useMutation({
    ...keptNowhere,
    mutationFn: async () => {
      const { roles, channel } = values;
      const email = values.email.trim();
      const made = await invite({ roles, channel, ...(email && { email }), ...linksOf(values) });
      return { ...made, email };
    },
    onSuccess: () => {
      clear();
      setTried(false);
    },
    onSettled: changed,
  });
  const made = inviting.data;
  const refusedAt = useFieldProblems(inviting.error);
  useLeaveQuestion(isDirty);

  if (made?.code)
    return (
      <CodeShown
        title={made.email ? <Trans>Invitation of {made.email}</Trans> : <Trans>Invitation</Trans>}
        path="/invitation"
        code={made.code}
        expiresAt={made.expiresAt}
        onDone={inviting.reset}
      />
    );

  const { error } = inviting;
  const isByMail = values.channel === 'mail';
  const isFit = values.roles.length > 0 && (!isByMail || values.email.trim() !== '');
  const problemAt = (field: keyof Rights) =>
    isTried && field === 'roles' && values.roles.length === 0 ? t`Choose at least one.` : refusedAt(field);
  const send = () => !inviting.isPending && inviting.mutate();
  const until = made && formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(made.expiresAt));
  return (
    <form
      className="grid gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isFit) send();
      }}
    >
      {made && (
        <Notice look="good" role="status" title={t`An invitation is on its way to ${made.email}`}>
          <p>
            <Trans>They choose their password with the code in it, until {until}.</Trans>
          </p>
        </Notice>
      )}
      <UserRights rights={values} onChange={set} problemAt={problemAt} />
      <Choices
        isOne
        isRow
        legend={<Trans>How does the code reach them?</Trans>}
        options={[
          { value: 'mail', label: <Trans>by mail</Trans> },
          { value: 'paper', label: <Trans>on paper</Trans> },
        ]}
        chosen={[values.channel]}
        onChange={([channel = 'mail']) => set({ channel })}
      />
      <TextField
        type="email"
        label={t`E-mail address`}
        isNeeded={isByMail}
        hint={isByMail ? t`They sign in with it.` : t`They sign in with it. Left empty, they give one themselves.`}
        autoComplete="off"
        maxLength={254}
        value={values.email}
        problem={isTried && isByMail && values.email.trim() === '' ? t`This is needed.` : refusedAt('email')}
        onChange={(event) => set({ email: event.target.value })}
      />
      {error instanceof Unreachable ? (
        <Notice look="bad" role="alert" title={t`No answer came`}>
          <p>
            <Trans>
              They may be invited or not. Look first whether they are among those <Link to="/users">invited</Link>: else
              they get two codes.
            </Trans>
          </p>
        </Notice>
      ) : (
        error && (
          <Failure
            error={error}
            isSaidAtFields
            onRetry={problemOf(error)?.code === 'AUTH.TOO_MANY_INVITATIONS' ? send : undefined}
          />
        )
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" isBusy={inviting.isPending}>
          <Trans>Invite</Trans>
        </Button>
        {isDirty && (
          <Button look="quiet" onClick={clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
