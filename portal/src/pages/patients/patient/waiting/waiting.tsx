import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Waiting } from '../../../../api/types.ts';
import { useWaitingOf } from '../../../../api/waiting-list.ts';
import { useIsLeaving } from '../../../../forms/waiting-leave.tsx';
import { buttonLook } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Card, Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { WaitingTerms, WantNames } from '../../../../ui/waiting-facts.tsx';
import { endings, waitingStates } from '../../../../words/waiting.ts';

/** What somebody waits for: what is offered in front, what has ended last. */
export function WaitingPage() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/waiting' });
  const waiting = useWaitingOf(patientId);
  const join = (
    <Link to="/patients/$patientId/book" params={{ patientId }} className={buttonLook()}>
      <Trans>Choose for whom to wait</Trans>
    </Link>
  );
  return (
    <Page title={t`Waiting list`} beside={join}>
      <p className="text-quiet">
        <Trans>
          When a time becomes free that suits, it is offered to one person after the other, and kept for them for an
          hour; at night that hour stands still.
        </Trans>
      </p>
      <Remote
        of={waiting}
        label={t`the waiting list`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>Nothing is waited for. Choose a practitioner, then “wait for a time” where none suits.</Trans>}
      >
        {({ items, isCut }) => {
          const { offered = [], waits = [], before = [] } = Object.groupBy(items, placeOf);
          return (
            <>
              <Group title={<Trans>Offered now</Trans>} of={offered} />
              <Group title={<Trans>Waiting</Trans>} of={waits} />
              <Group title={<Trans>No longer waiting</Trans>} of={before} />
              {isCut && <Notice look="warn" title={t`There are more than can be shown here`} />}
            </>
          );
        }}
      </Remote>
    </Page>
  );
}

const placeOf = ({ status }: Waiting) =>
  status === 'proposed' ? 'offered' : status === 'waitlist' ? 'waits' : 'before';

const Group = ({ title, of }: { title: ReactNode; of: Waiting[] }) =>
  of.length > 0 && (
    <section className="grid gap-3">
      <h2>{title}</h2>
      <ul className="grid gap-3">
        {of.map((each) => (
          <li key={each.id}>
            <Item waiting={each} />
          </li>
        ))}
      </ul>
    </section>
  );

function Item({ waiting }: { waiting: Waiting }) {
  const { i18n } = useLingui();
  const isLeaving = useIsLeaving(waiting);
  const isOffered = waiting.status === 'proposed';
  return (
    <Card className={`relative grid gap-1 hover:border-accent ${isOffered ? 'border-2 border-accent' : ''}`}>
      <p className="font-semibold">
        <Link
          to="/patients/$patientId/waiting/$waitingId"
          params={{ patientId: waiting.patientId, waitingId: waiting.id }}
          className={`text-ink no-underline after:absolute after:inset-0 ${isLeaving ? 'line-through' : ''}`}
        >
          <WantNames wants={waiting.wants} />
        </Link>
      </p>
      {isOffered ? (
        <p className="font-semibold text-accent">
          <Trans>A time is offered: look, and answer →</Trans>
        </p>
      ) : (
        <>
          <WaitingTerms waiting={waiting} />
          <p className="text-sm text-quiet">
            {isLeaving ? (
              <Trans>about to be taken off the list</Trans>
            ) : (
              i18n._(waiting.ended ? endings[waiting.ended] : waitingStates[waiting.status])
            )}
          </p>
        </>
      )}
    </Card>
  );
}
