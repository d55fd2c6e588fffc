import { Trans } from '@lingui/react/macro';
import { LanguageChoice } from '../frame/language-choice.tsx';

/** What somebody sees who is not signed in. */
export const SignedOut = () => (
  <main className="mx-auto grid max-w-xl gap-6 p-6">
    <h1>
      <Trans>Your practice, without the telephone</Trans>
    </h1>
    <LanguageChoice />
  </main>
);
