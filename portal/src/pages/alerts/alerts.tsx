import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useAlerts, useQuestions } from '../../api/alerts.ts';
import { useLiveAlerts } from '../../api/live-alerts.ts';
import type { Alert } from '../../api/types.ts';
import { usePerson } from '../../session/use-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { Unfolded } from '../../ui/unfolded.tsx';
import { AlertLine } from '../../watch/alert-line.tsx';
import { NotEmergency } from '../../watch/not-emergency.tsx';
import { SightInForce } from '../../watch/sight.tsx';
import { priorities, priorityNames } from '../../words/alerts.ts';

/** What rang for whom the practitioner watches over, the most urgent first, as it is at this moment. */
export function Alerts() {
  const { t } = useLingui();
  const { practitionerId } = usePerson();
  return (
    <Page title={t`Alerts`} beside={practitionerId && <Elsewhere />}>
      {practitionerId ? (
        <Inbox />
      ) : (
        <Notice look="warn" title={t`The practice has not linked you to a practitioner yet`} />
      )}
    </Page>
  );
}

function Elsewhere() {
  const { data } = useQuestions();
  const count = data?.items.length ?? 0;
  return (
    <div className="flex flex-wrap gap-4">
      <Link to="/alerts/questions">
        {count > 0 ? <Plural value={count} one="# question" other="# questions" /> : <Trans>Questions</Trans>}
      </Link>
      <Link to="/alert-rules">
        <Trans>What is watched</Trans>
      </Link>
    </div>
  );
}

function Inbox() {
  const { t } = useLingui();
  const [isLive, setLive] = useState(false);
  useLiveAlerts(setLive);
  const active = useAlerts(true, isLive);
  return (
    <>
      <SightInForce />
      <p className="text-sm text-quiet">
        {isLive ? (
          <Trans>What changes shows here at once.</Trans>
        ) : (
          <Trans>Read again every few seconds: changes are not told at once now.</Trans>
        )}
      </p>
      <Remote
        of={active}
        label={t`alerts`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>Nothing rings for those whom you watch over.</Trans>}
      >
        {({ pages }) => <Groups items={pages.flatMap(({ items }) => items)} />}
      </Remote>
      <ShowMore of={active} />
      <Before isLive={isLive} />
      <NotEmergency />
    </>
  );
}

/** Those that nobody has answered by how urgent they are, then those of which somebody takes care. */
function Groups({ items }: { items: readonly Alert[] }) {
  const { i18n } = useLingui();
  const waiting = items.filter(({ acknowledgedAt }) => !acknowledgedAt);
  const answered = items.filter(({ acknowledgedAt }) => acknowledgedAt);
  return (
    <>
      <p role="status" className="sr-only">
        <Plural value={waiting.length} _0="No alert waits." one="# alert waits." other="# alerts wait." />
      </p>
      {priorities.map((priority) => (
        <Group
          key={priority}
          title={i18n._(priorityNames[priority])}
          items={waiting.filter((each) => each.priority === priority)}
        />
      ))}
      <Group title={<Trans>Somebody takes care of it</Trans>} items={answered} />
    </>
  );
}

const Group = ({ title, items }: { title: ReactNode; items: readonly Alert[] }) =>
  items.length > 0 && (
    <section className="grid gap-3">
      <h2 className="first-letter:uppercase">{title}</h2>
      <ul className="grid gap-3">
        {items.map((each) => (
          <li key={each.id}>
            <AlertLine alert={each} />
          </li>
        ))}
      </ul>
    </section>
  );

/** Read once it is unfolded. */
const Before = ({ isLive }: { isLive: boolean }) => (
  <Unfolded title={<Trans>What is over</Trans>}>{() => <Over isLive={isLive} />}</Unfolded>
);

function Over({ isLive }: { isLive: boolean }) {
  const { t } = useLingui();
  const over = useAlerts(false, isLive);
  return (
    <div className="grid gap-3 pt-3">
      <Remote
        of={over}
        label={t`alerts that are over`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>Nothing has rung yet.</Trans>}
      >
        {({ pages }) => (
          <ul className="grid gap-3">
            {pages
              .flatMap(({ items }) => items)
              .map((each) => (
                <li key={each.id}>
                  <AlertLine alert={each} />
                </li>
              ))}
          </ul>
        )}
      </Remote>
      <ShowMore of={over} />
    </div>
  );
}
