import type { MessageDescriptor } from '@lingui/core';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type DeadLetter, type DeadLetterReason, useDeadLetters } from '../api/system.ts';
import { DeadLettersJudge } from '../forms/dead-letters-judge.tsx';
import { formatIn } from '../time/zone.ts';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { Unanswered } from '../ui/unanswered.tsx';
import { causeNames } from '../words/dead-letters.ts';

/** Events that could not be handled for what is in them, by reason; they are let go again, or dropped, all of one reason or one. */
export function DeadLetters() {
  const { t } = useLingui();
  return (
    <Page title={t`Dead letters`}>
      <Remote
        of={useDeadLetters()}
        label={t`dead letters`}
        isNone={({ reasons, unavailable }) => reasons.length === 0 && unavailable.length === 0}
        none={<Trans>There are none: every event was handled, or waits for its turn.</Trans>}
      >
        {({ reasons, items, unavailable }) => (
          <>
            <Unanswered of={unavailable} />
            <ul className="grid gap-3">
              {reasons.map((each) => (
                <li key={keyOf(each)}>
                  <Line reason={each} letters={items.filter((letter) => keyOf(letter) === keyOf(each))} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Remote>
    </Page>
  );
}

/** What letters of one reason have in common. */
const keyOf = ({ service, topic, type, cause, code }: DeadLetterReason | DeadLetter): string =>
  JSON.stringify([service, topic, type, cause, code]);

function Line({ reason, letters }: { reason: DeadLetterReason; letters: DeadLetter[] }) {
  const { i18n } = useLingui();
  const { service, topic, type, code, cause, count, firstAt, lastAt } = reason;
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Card className="grid gap-2">
      <h2>
        {service} · {type}
      </h2>
      <p className="text-sm text-quiet">
        <Trans>on the topic {topic}</Trans>
      </p>
      <p>
        <code>{code}</code> {cause}
      </p>
      {causeNames[cause] && <p>{i18n._(causeNames[cause] as MessageDescriptor)}</p>}
      <p className="text-sm text-quiet">
        <Plural value={count} one="# event" other="# events" />
        {', '}
        <Trans>
          the first at {at.format(new Date(firstAt))}, the last at {at.format(new Date(lastAt))}
        </Trans>
      </p>
      <DeadLettersJudge of={{ service, topic, type, code }} service={service} name={`${service}, ${type}`} />
      {letters.length > 0 && (
        <details>
          <summary className="cursor-pointer text-sm">
            <Trans>One by one</Trans>
          </summary>
          {letters.length < count && (
            <p className="pt-2 text-sm text-quiet">
              <Trans>
                The oldest {letters.length} of {count} are listed.
              </Trans>
            </p>
          )}
          <ul className="grid gap-3 pt-2">
            {letters.map(({ eventId, tries, firstAt, source, toldAt, holds = [] }) => (
              <li key={eventId} className="grid gap-1 border-l-2 border-line pl-3 text-sm">
                <p>
                  <code className="break-all">{eventId}</code>
                </p>
                <p className="text-quiet">
                  <Trans>failed first at {at.format(new Date(firstAt))}</Trans>
                  {', '}
                  <Plural value={tries} one="tried # time" other="tried # times" />
                </p>
                {(source || holds.length > 0) && (
                  <p className="text-quiet">
                    {source && toldAt && (
                      <Trans>
                        told by {source} at {at.format(new Date(toldAt))}
                      </Trans>
                    )}
                    {source && toldAt && holds.length > 0 && '; '}
                    {holds.length > 0 && <Trans>it says something of {holds.join(', ')}</Trans>}
                  </p>
                )}
                <DeadLettersJudge of={{ service, eventId }} service={service} name={eventId} isOne />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
