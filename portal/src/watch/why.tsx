import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { AlertNote, Explanation } from '../api/types.ts';
import { momentAt, ownZone } from '../time/zone.ts';
import { AuthorName } from '../ui/author-name.tsx';
import { Card } from '../ui/page.tsx';
import { missingNames } from '../words/alerts.ts';
import { useWatcherName } from './names.ts';
import { useRuleWords } from './rule-words.ts';

/** Why an alert rang: the rule as it was then and who wrote it, how many readings, what was missing, who was told when. */
export function Why({ of }: { of: Explanation }) {
  const { i18n } = useLingui();
  const words = useRuleWords();
  const { document, ruleVersion, author, readingIds, missing, notes } = of;
  const over = words.clear(document);
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Why it rang</Trans>
      </h2>
      <Card className="grid gap-2">
        <p className="font-semibold">{document.title}</p>
        <p>{words.condition(document.condition)}</p>
        {over && <p>{over}.</p>}
        <p className="text-sm text-quiet">
          <Trans>
            Version {ruleVersion} of the rule, as it was then, written by <AuthorName id={author} />
          </Trans>
        </p>
        <p>
          <Plural
            value={readingIds.length}
            _0="No reading led to it: it is about those that did not come."
            one="# reading led to it."
            other="# readings led to it."
          />
        </p>
        {missing.length > 0 && (
          <p className="font-semibold text-warn">
            <Trans>
              Not known then, and counted as nothing:{' '}
              {missing.map((each) => (missingNames[each] ? i18n._(missingNames[each]) : each)).join(', ')}
            </Trans>
          </p>
        )}
      </Card>
      <h3 className="font-semibold">
        <Trans>What happened since</Trans>
      </h3>
      <ol className="grid gap-2">
        {notes.map((note) => (
          <li key={`${note.at} ${note.kind}`} className="border-l-2 border-line pl-3">
            <NoteWords of={note} />
          </li>
        ))}
      </ol>
    </section>
  );
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const asTexts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What is told of an alert, in order; of a kind that is not known here its name stands as it came. */
function NoteWords({ of: { at, by, kind, details } }: { of: AlertNote }) {
  const { i18n } = useLingui();
  const nameOf = useWatcherName();
  const moment = (value: unknown) => {
    const text = asText(value);
    return Number.isNaN(Date.parse(text)) ? '–' : momentAt(text, ownZone(), i18n.locale);
  };
  const told = asTexts(details.recipients).map(nameOf).join(', ');
  const who = <AuthorName id={by} />;
  const to = nameOf(asText(details.to));
  const said: Record<string, ReactNode> = {
    raised: <Trans>It rang.</Trans>,
    'came-late': <Trans>Its readings came too late: it rang nobody.</Trans>,
    called: details.isLastResort ? (
      <Trans>Told as the last resort: {told}</Trans>
    ) : (
      <Trans>
        Step {Number(details.step ?? 0) + 1}, told: {told}
      </Trans>
    ),
    'told-with': <Trans>Told with another alert of the patient: {told}</Trans>,
    postponed: <Trans>A step waits until {moment(details.until)}.</Trans>,
    acknowledged: <Trans>Taken care of by {who}.</Trans>,
    snoozed: (
      <Trans>
        Quiet until {moment(details.until)} ({who})
      </Trans>
    ),
    'handed-over': (
      <Trans>
        Handed over to {to} ({who})
      </Trans>
    ),
    moved: <Trans>Readings that came later show that it began at {moment(details.startedAt)}.</Trans>,
    cleared: <Trans>Normal again.</Trans>,
    reopened: <Trans>Not normal after all: it goes on.</Trans>,
    retracted: <Trans>Taken back: readings that came later show that it was none.</Trans>,
    released: <Trans>What was more urgent is over: it calls now.</Trans>,
  };
  return (
    <>
      <time dateTime={at} className="block text-sm text-quiet">
        {momentAt(at, ownZone(), i18n.locale)}
      </time>
      {said[kind] ?? kind}
    </>
  );
}
