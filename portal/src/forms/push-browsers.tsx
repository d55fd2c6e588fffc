import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useIntent } from '../api/intent.ts';
import { PushNotLet, pushHere, usePushBrowsers, usePushChanged, usePushHere } from '../api/push.ts';
import type { PushBrowser } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { PushEnd } from './push-end.tsx';

/** The browsers by which a patient is told that there is something to read; nothing where the practice pushes nothing. */
export function PushBrowsers() {
  const { t } = useLingui();
  const browsers = usePushBrowsers();
  if (browsers.data && !browsers.data.publicKey) return null;
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Push notifications</Trans>
      </h2>
      <p className="text-quiet">
        <Trans>
          A browser shows, even while this page is closed, that the practice has written: never what about. Do not turn
          it on where others use the same computer.
        </Trans>
      </p>
      <Remote of={browsers} label={t`browsers that are told`}>
        {({ publicKey, items }) => (
          <>
            {publicKey && <Here publicKey={publicKey} browsers={items} />}
            <Others browsers={items} />
          </>
        )}
      </Remote>
    </section>
  );
}

/** Turned on and off in the browser that shows this. */
function Here({ publicKey, browsers }: { publicKey: string; browsers: readonly PushBrowser[] }) {
  const { t } = useLingui();
  const here = usePushHere();
  const changed = usePushChanged();
  const intent = useIntent();
  const turningOn = useMutation({
    mutationFn: () => intent(publicKey, (header) => pushHere(publicKey, header)),
    onSettled: changed,
  });
  return (
    <Remote of={here} label={t`this browser`}>
      {({ state, fingerprint }) => {
        if (state === 'impossible')
          return (
            <p>
              <Trans>This browser cannot show notifications of the portal.</Trans>
            </p>
          );
        const own = fingerprint && browsers.find((each) => each.fingerprint === fingerprint);
        if (own)
          return (
            <Card className="flex flex-wrap items-center gap-3 py-2">
              <p className="min-w-48 flex-1 font-semibold">
                <Trans>This browser is told.</Trans>
              </p>
              <PushEnd browser={own} isHere />
            </Card>
          );
        return (
          <>
            {(state === 'forbidden' || turningOn.error instanceof PushNotLet) && (
              <NotLet isForbidden={state === 'forbidden'} />
            )}
            {turningOn.error && !(turningOn.error instanceof PushNotLet) && <Failure error={turningOn.error} />}
            {state === 'possible' && (
              <div>
                <Button isBusy={turningOn.isPending} onClick={() => turningOn.mutate()}>
                  <Trans>Have this browser told</Trans>
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Remote>
  );
}

function NotLet({ isForbidden }: { isForbidden: boolean }) {
  const { t } = useLingui();
  return (
    <Notice look="warn" role="status" title={t`This browser does not let the portal show notifications`}>
      <p>
        {isForbidden ? (
          <Trans>Allow them in its settings for this site, then load this page anew.</Trans>
        ) : (
          <Trans>
            It was not allowed, or its push service cannot be reached. Allow notifications for this site, and try again.
          </Trans>
        )}
      </p>
    </Notice>
  );
}

/** All but this one, which stands above. */
function Others({ browsers }: { browsers: readonly PushBrowser[] }) {
  const { i18n } = useLingui();
  const here = usePushHere().data?.fingerprint;
  const others = browsers.filter(({ fingerprint }) => fingerprint !== here);
  const at = formatIn(i18n.locale, { dateStyle: 'long' });
  if (others.length === 0) return null;
  return (
    <>
      <h3 className="font-semibold">
        <Trans>Other browsers that are told</Trans>
      </h3>
      <ul className="grid gap-2">
        {others.map((each) => {
          const since = at.format(new Date(each.createdAt));
          return (
            <li key={each.id}>
              <Card className="flex flex-wrap items-center gap-3 py-2">
                <p className="min-w-48 flex-1">
                  <Trans>
                    By {each.service}, since {since}
                  </Trans>
                </p>
                <PushEnd browser={each} />
              </Card>
            </li>
          );
        })}
      </ul>
    </>
  );
}
