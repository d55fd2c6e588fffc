import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useMessages } from '../../../../api/messages.ts';
import { usePracticeZone } from '../../../../api/practitioners.ts';
import { useUnreachable } from '../../../../api/unreachable.ts';
import { MessageResend } from '../../../../forms/message-resend.tsx';
import { useHat } from '../../../../session/hat.ts';
import { useReadsLedger } from '../../../../session/reads-ledger.ts';
import { usePerson } from '../../../../session/use-session.ts';
import { buttonLook } from '../../../../ui/button.tsx';
import { Failure } from '../../../../ui/failure.tsx';
import { LedgerClosed } from '../../../../ui/ledger-closed.tsx';
import { MessageLine } from '../../../../ui/message-line.tsx';
import { MessageText } from '../../../../ui/message-text.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { ShowMore } from '../../../../ui/show-more.tsx';
import { UnreachableLine } from '../../../../ui/unreachable-line.tsx';

/** What the practice wrote about a patient or was to write, whether it left or not, and why. */
export function PatientMessages() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/messages' });
  const hat = useHat(usePerson());
  const readsAll = useReadsLedger();
  return (
    <Page
      title={t`Messages`}
      beside={
        // Set by the patient, or for them by a desk.
        (hat === 'patient' || hat === 'secretary') && (
          <Link
            to="/patients/$patientId/messages/wishes"
            params={{ patientId }}
            className={buttonLook({ size: 'desk' })}
          >
            <Trans>Which messages are wanted</Trans>
          </Link>
        )
      }
    >
      {hat === 'secretary' && <UnreachableOf patientId={patientId} />}
      {hat === 'patient' || readsAll ? <Ledger patientId={patientId} isStaff={readsAll} /> : <LedgerClosed />}
    </Page>
  );
}

/** What of theirs is of no use, so that a desk asks them for another. */
function UnreachableOf({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  const { data, error, refetch } = useUnreachable(patientId);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (error && !data) return <Failure error={error} onRetry={() => refetch()} />;
  if (items.length === 0) return null;
  return (
    <Notice look="warn" title={t`Addresses that do not work`}>
      <ul className="grid gap-3">
        {items.map((each) => (
          <li key={each.id}>
            <UnreachableLine address={each} />
          </li>
        ))}
      </ul>
    </Notice>
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
                      <MessageLine
                        message={each}
                        zone={ofPractice}
                        beside={isStaff && <MessageResend message={each} />}
                      >
                        <MessageText message={each} isToStaff={isStaff} />
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
