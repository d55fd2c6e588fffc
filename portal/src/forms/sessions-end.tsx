import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useAccountChanged, useSessions } from '../api/account.ts';
import { api, told } from '../api/client.ts';
import type { OwnSession } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { deviceName } from '../words/device.ts';

/** Where somebody is signed in; each but this one, or all others at once, can be ended. */
export function SessionsEnd() {
  const { t } = useLingui();
  const sessions = useSessions();
  const changed = useAccountChanged();
  const ending = useMutation({
    mutationFn: (id: string | 'others') =>
      id === 'others'
        ? told(api.DELETE('/api/auth/sessions'))
        : told(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })),
    onSettled: changed,
  });
  return (
    <section className="grid gap-3" aria-labelledby="sessions">
      <h2 id="sessions">
        <Trans>Where you are signed in</Trans>
      </h2>
      {ending.error && <Failure error={ending.error} />}
      {ending.isSuccess && (
        <p role="status" className="text-good">
          <Trans>Ended. It takes effect within ten seconds.</Trans>
        </p>
      )}
      <Remote
        of={sessions}
        label={t`where you are signed in`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is no sign-in but by this page.</Trans>}
      >
        {({ items }) => (
          <>
            <ul className="grid gap-2">
              {items.map((each) => (
                <li key={each.id}>
                  <Line
                    session={each}
                    onEnd={() => ending.mutate(each.id)}
                    isBusy={ending.isPending && ending.variables === each.id}
                  />
                </li>
              ))}
            </ul>
            {items.some(({ current }) => !current) && (
              <div>
                <Button
                  look="danger"
                  onClick={() => ending.mutate('others')}
                  isBusy={ending.isPending && ending.variables === 'others'}
                >
                  <Trans>Sign out everywhere else</Trans>
                </Button>
              </div>
            )}
          </>
        )}
      </Remote>
    </section>
  );
}

function Line({ session, onEnd, isBusy }: { session: OwnSession; onEnd: () => void; isBusy: boolean }) {
  const { i18n, t } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  const [used, begun] = [session.lastUsedAt, session.createdAt].map((each) => at.format(new Date(each)));
  const device = deviceName(session.device) ?? t`A device that is not known`;
  return (
    <Card className={`flex flex-wrap items-center gap-3 py-3 ${session.current ? 'border-accent' : ''}`}>
      <div className="min-w-56 flex-1">
        <p className="font-semibold">
          {device}
          {session.current && (
            <span className="ml-2 rounded-field bg-accent-paper px-2 text-sm text-accent">
              <Trans>this one</Trans>
            </span>
          )}
        </p>
        <p className="text-sm text-quiet">
          <Trans>
            last used {used}, signed in {begun}
          </Trans>
        </p>
      </div>
      {!session.current && (
        <Button size="desk" onClick={onEnd} isBusy={isBusy} aria-label={t`Sign out: ${device}, last used ${used}`}>
          <Trans>Sign out</Trans>
        </Button>
      )}
    </Card>
  );
}
