import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { User } from '../api/types.ts';
import { changeUser, useUsersChanged } from '../api/users.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { linksOf, type Rights, UserRights } from './user-rights.tsx';

/** Changes as what a user signs in, and who they are in the practice; within ten seconds it counts everywhere. */
export function UserChange({ user }: { user: User }) {
  const { t } = useLingui();
  const changed = useUsersChanged();
  const isSelf = usePerson().id === user.id;
  const stored = useMemo<Rights>(
    () => ({ roles: user.roles, patientId: user.patientId ?? '', practitionerId: user.practitionerId ?? '' }),
    [user],
  );
  const { values, set, clear, isDirty } = useDraft(`user-change/${user.id}`, stored);
  useLeaveQuestion(isDirty);
  const [isTried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => {
      const links = linksOf(values);
      return changeUser(user, {
        roles: values.roles,
        ...(links.patientId !== user.patientId && { patientId: links.patientId ?? null }),
        ...(links.practitionerId !== user.practitionerId && { practitionerId: links.practitionerId ?? null }),
      });
    },
    onSuccess: clear,
    // Also when somebody changed the user meanwhile: what they are now is read, and what was chosen here stays.
    onSettled: changed,
  });
  const refusedAt = useFieldProblems(saving.error);
  const problemAt = (field: keyof Rights) =>
    isTried && field === 'roles' && values.roles.length === 0 ? t`Choose at least one.` : refusedAt(field);
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (values.roles.length > 0 && !saving.isPending) saving.mutate();
      }}
    >
      <UserRights rights={values} onChange={set} problemAt={problemAt} />
      {isSelf && isDirty && (
        <Notice look="warn" title={t`This is you`}>
          <p>
            <Trans>What you take from yourself another administrator has to give back.</Trans>
          </p>
        </Notice>
      )}
      {saving.error && <Failure error={saving.error} isSaidAtFields />}
      {saving.isSuccess && !isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      {isDirty && (
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" isBusy={saving.isPending}>
            <Trans>Save</Trans>
          </Button>
          <Button look="quiet" onClick={clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        </div>
      )}
    </form>
  );
}
