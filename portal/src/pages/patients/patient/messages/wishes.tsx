import { Trans, useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import { useMessageWishes } from '../../../../api/messages.ts';
import { MessageWishesSet } from '../../../../forms/message-wishes-set.tsx';
import { PushBrowsers } from '../../../../forms/push-browsers.tsx';
import { useHat } from '../../../../session/hat.ts';
import { usePerson } from '../../../../session/use-session.ts';
import { Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';

/** By what a patient wants to be written to of what, and which of their browsers are told. */
export function MessageWishes() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/messages/wishes' });
  const person = usePerson();
  const hat = useHat(person);
  return (
    <Page title={t`Which messages are wanted`}>
      <p className="text-quiet">
        <Trans>
          A message leaves by what is ticked here, if the practice writes of it that way, and knows where to. What is
          not ticked is not sent.
        </Trans>
      </p>
      <Remote of={useMessageWishes(patientId)} label={t`which messages are wanted`}>
        {(wishes) => <MessageWishesSet wishes={wishes} />}
      </Remote>
      {/* A browser is its owner's: nobody has another's be told. */}
      {hat === 'patient' && patientId === person.patientId && <PushBrowsers />}
    </Page>
  );
}
