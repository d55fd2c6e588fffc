import { Trans, useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import { useMessages, useMessageWishes } from '../../../api/messages.ts';
import { usePracticeZone } from '../../../api/practitioners.ts';
import { MessageResend } from '../../../forms/message-resend.tsx';
import { MessageWishesSet } from '../../../forms/message-wishes-set.tsx';
import { useHat } from '../../../session/hat.ts';
import { usePerson } from '../../../session/use-session.ts';
import { LedgerClosed } from '../../../ui/ledger-closed.tsx';
import { MessageLine } from '../../../ui/message-line.tsx';
import { MessageText } from '../../../ui/message-text.tsx';
import { Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { ShowMore } from '../../../ui/show-more.tsx';

/** What the practice wrote about a patient or was to write, and by what they want to be written to. */
export function Messages() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/messages' });
  const person = usePerson();
  const hat = useHat(person);
  return (
    <Page title={t`Messages`}>
      <section className="grid gap-3">
        <h2>
          <Trans>What was sent, and what was not</Trans>
        </h2>
        {hat === 'patient' || person.worksForAll ? (
          <Ledger patientId={patientId} isStaff={hat !== 'patient'} />
        ) : (
          <LedgerClosed />
        )}
      </section>
      {/* Set by the patient, or for them by a desk. */}
      {(hat === 'patient' || hat === 'secretary') && (
        <section className="grid gap-3">
          <h2>
            <Trans>Which messages are wanted</Trans>
          </h2>
          <Wishes patientId={patientId} />
        </section>
      )}
    </Page>
  );
}

function Ledger({ patientId, isStaff }: { patientId: string; isStaff: boolean }) {
  const { t } = useLingui();
  const zone = usePracticeZone();
  const messages = useMessages({ patientId });
  return (
    <>
      <p className="text-quiet">
        <Trans>
          Every message, whether it left or not, and why. What is due last comes first. The times are those of the
          practice.
        </Trans>
      </p>
      <Remote of={zone} label={t`messages`}>
        {(ofPractice) => (
          <Remote
            of={messages}
            label={t`messages`}
            isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
            none={<Trans>No message was sent or planned yet.</Trans>}
          >
            {({ pages }) => (
              <ol className="grid gap-2">
                {pages
                  .flatMap(({ items }) => items)
                  .map((each) => (
                    <li key={each.id}>
                      <MessageLine message={each} zone={ofPractice}>
                        <MessageText message={each} isToStaff={isStaff} />
                        {isStaff && <MessageResend message={each} />}
                      </MessageLine>
                    </li>
                  ))}
              </ol>
            )}
          </Remote>
        )}
      </Remote>
      <ShowMore of={messages}>
        <Trans>Show earlier ones</Trans>
      </ShowMore>
    </>
  );
}

function Wishes({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  return (
    <Remote of={useMessageWishes(patientId)} label={t`which messages are wanted`}>
      {(wishes) => <MessageWishesSet wishes={wishes} />}
    </Remote>
  );
}
