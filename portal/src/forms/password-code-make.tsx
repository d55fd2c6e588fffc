import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { keptNowhere } from '../api/calendars.ts';
import { api, told } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { CodeShown } from '../ui/code-shown.tsx';
import { Failure } from '../ui/failure.tsx';

/** Makes a code with which somebody who has forgotten their password chooses another. One made before is good for nothing then. */
export function PasswordCodeMake({ user }: { user: User }) {
  const making = useMutation({
    ...keptNowhere,
    mutationFn: () => told(api.POST('/api/auth/users/{id}/codes', { params: { path: { id: user.id } } })),
  });
  if (making.data)
    return (
      <CodeShown
        title={<Trans>Another password for {user.email}</Trans>}
        path="/password"
        code={making.data.code}
        expiresAt={making.data.expiresAt}
        onDone={making.reset}
      />
    );
  return (
    <section className="unprinted grid gap-3">
      <h2>
        <Trans>Forgotten password</Trans>
      </h2>
      <p>
        <Trans>A code on paper, good for two days, takes the place of one that was made before.</Trans>
      </p>
      {making.error && <Failure error={making.error} />}
      <div>
        <Button onClick={() => making.mutate()} isBusy={making.isPending}>
          <Trans>Make a code</Trans>
        </Button>
      </div>
    </section>
  );
}
