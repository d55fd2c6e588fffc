import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Navigate } from '@tanstack/react-router';
import { beginningOf } from '../frame/beginning.ts';
import { chooseHat, useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { Button, buttonLook } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { roleNames } from '../words/roles.ts';

/** Leads to where a role begins; who has several chooses one first. */
export function Home() {
  const { i18n, t } = useLingui();
  const person = usePerson();
  const hat = useHat(person);
  if (person.mustEnrol) return <MustEnrol />;
  const beginning = beginningOf(person, hat);
  if (beginning) return <Navigate {...beginning} replace />;
  if (hat === 'patient' || person.roles.length === 0)
    return (
      <Page title={t`You are signed in`}>
        <Notice look="warn" title={t`The practice has not linked you to a patient yet`}>
          <p>
            <Trans>Please tell the practice the address that you signed in with: {person.email}</Trans>
          </p>
        </Notice>
      </Page>
    );
  return (
    <Page title={t`As what do you come today?`}>
      <ul className="grid gap-3 tablet:grid-cols-2">
        {person.roles.map((role) => (
          <li key={role}>
            <Button className="w-full" onClick={() => chooseHat(role)}>
              {i18n._(roleNames[role])}
            </Button>
          </li>
        ))}
      </ul>
    </Page>
  );
}

function MustEnrol() {
  const { t } = useLingui();
  return (
    <Page title={t`One more step before you can work`}>
      <Notice look="warn" title={t`You need a second way to show that it is you`}>
        <p>
          <Trans>
            Staff sign in with a password and something else: a passkey, or the code of an app. Add one of them, then
            sign in again.
          </Trans>
        </p>
        <div>
          <Link to="/account" className={buttonLook({ look: 'main' })}>
            <Trans>Add it now</Trans>
          </Link>
        </div>
      </Notice>
    </Page>
  );
}
