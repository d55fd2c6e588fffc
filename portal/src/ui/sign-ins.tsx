import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { User } from '../api/types.ts';
import { type SignIns, useSignIns } from '../api/users.ts';
import { formatIn } from '../time/zone.ts';
import { Card } from './page.tsx';
import { Remote } from './remote.tsx';

/** When somebody signed in last, where they are signed in now, and what they can show beside the password. */
export function SignInsOf({ user }: { user: User }) {
  const { t } = useLingui();
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>How they sign in</Trans>
      </h2>
      <Remote of={useSignIns(user.id)} label={t`how they sign in`}>
        {(signIns) => <SignInFacts of={signIns} />}
      </Remote>
    </section>
  );
}

export function SignInFacts({ of: { lastSignInAt, openSessions, passkeys, totp } }: { of: SignIns }) {
  const { i18n } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'full', timeStyle: 'short' });
  return (
    <Card className="grid gap-1">
      <p className="font-semibold">
        {lastSignInAt ? (
          <Trans>Signed in last on {at.format(new Date(lastSignInAt))}</Trans>
        ) : (
          <Trans>Has not signed in for two weeks, or never</Trans>
        )}
      </p>
      <p>
        <Plural
          value={openSessions}
          _0="Is signed in nowhere now"
          one="Is signed in at # place now"
          other="Is signed in at # places now"
        />
      </p>
      <p>
        {passkeys === 0 && !totp ? (
          <Trans>By password alone: no passkey, and no app that makes codes</Trans>
        ) : (
          <>
            <Plural value={passkeys} _0="No passkey" one="# passkey" other="# passkeys" />
            {' · '}
            {totp ? <Trans>an app that makes codes</Trans> : <Trans>no app that makes codes</Trans>}
          </>
        )}
      </p>
    </Card>
  );
}
