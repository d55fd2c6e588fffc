import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { openApi, told } from '../api/client.ts';
import { CodeRedeem } from '../forms/code-redeem.tsx';
import { RegistrationBegin } from '../forms/registration-begin.tsx';
import { Entrance } from '../frame/entrance.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

const show = (body: { code: string; password: string }) =>
  told(openApi.POST('/api/auth/registrations/shown', { body }));

/** Somebody registers as a patient: the mail shows that the address is theirs, the desk says which patient they are. */
export function Register() {
  const { t } = useLingui();
  const [step, setStep] = useState<'details' | 'code' | 'done'>('details');
  return (
    <Entrance>
      <Page title={t`Register as a patient`}>
        {step === 'details' && (
          <>
            <p>
              <Trans>
                A code is sent to your address. With it you choose your password; then the practice says which patient
                you are, and you can sign in.
              </Trans>
            </p>
            <RegistrationBegin onSent={() => setStep('code')} />
            <div>
              <Button look="quiet" size="desk" onClick={() => setStep('code')}>
                <Trans>I have a code already</Trans>
              </Button>
            </div>
          </>
        )}
        {step === 'code' && (
          <>
            <Notice role="status" title={t`Look into your mail`}>
              <p>
                <Trans>
                  The code in it is good for an hour. If none comes, somebody may sign in with the address already.
                </Trans>
              </p>
            </Notice>
            <CodeRedeem redeem={show} onDone={() => setStep('done')} />
          </>
        )}
        {step === 'done' && (
          <Notice look="good" role="status" title={t`It waits for the practice`}>
            <p>
              <Trans>
                You can sign in once the practice has said which patient you are. They may ask you something first.
              </Trans>
            </p>
          </Notice>
        )}
      </Page>
    </Entrance>
  );
}
