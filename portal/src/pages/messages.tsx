import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMessages } from '../api/messages.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import { usePracticeZone } from '../api/practitioners.ts';
import { MessageResend } from '../forms/message-resend.tsx';
import { usePerson } from '../session/use-session.ts';
import { now } from '../time/server-clock.ts';
import { dateAt } from '../time/zone.ts';
import { DayChoice } from '../ui/day-choice.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { LedgerClosed } from '../ui/ledger-closed.tsx';
import { MessageLine } from '../ui/message-line.tsx';
import { MessageText } from '../ui/message-text.tsx';
import { Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';
import {
  messageChannelNames,
  messageChannels,
  messageKindNames,
  messageKinds,
  messageStateNames,
  messageStates,
} from '../words/messages.ts';

/** What an address may say that is one of these. */
const oneOf = <T extends string>(all: readonly T[], said: string | undefined): T | undefined =>
  all.find((each) => each === said);

/** Every message of a day, whether it left or not, and why. */
export function MessagesOfDay() {
  const { t } = useLingui();
  if (usePerson().worksForAll) return <OfDay />;
  return (
    <Page title={t`Messages of a day`}>
      <LedgerClosed />
    </Page>
  );
}

function OfDay() {
  const { t } = useLingui();
  const search = useSearch({ from: '/signed-in-people/messages' });
  const go = useNavigate({ from: '/messages' });
  const zone = usePracticeZone();
  const today = zone.data && dateAt(now(), zone.data);
  const day = search.day ?? today;
  const messages = useMessages(
    {
      day,
      state: oneOf(messageStateNames, search.state),
      kind: oneOf(messageKindNames, search.kind),
      channel: oneOf(messageChannelNames, search.channel),
    },
    // Without its day it would be asked for all that ever were.
    day !== undefined,
  );
  return (
    <Page
      title={t`Messages of a day`}
      beside={
        day &&
        today && (
          <DayChoice
            day={day}
            today={today}
            onChange={(next) => go({ search: (before) => ({ ...before, day: next }) })}
          />
        )
      }
    >
      <ul className="unprinted flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <li>
          <Link to="/message-policies">
            <Trans>When messages leave</Trans>
          </Link>
        </li>
        <li>
          <Link to="/message-templates">
            <Trans>What messages say</Trans>
          </Link>
        </li>
      </ul>
      <Filters />
      <Remote of={zone} label={t`messages`}>
        {(ofPractice) => (
          <Remote
            of={messages}
            label={t`messages`}
            isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
            none={<Trans>No message of that day fits.</Trans>}
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
                        about={each.patientId && <PatientLink patientId={each.patientId} />}
                      >
                        <MessageText message={each} isToStaff />
                        {each.patientId && <MessageResend message={each} />}
                      </MessageLine>
                    </li>
                  ))}
              </ol>
            )}
          </Remote>
        )}
      </Remote>
      <ShowMore of={messages} />
    </Page>
  );
}

function PatientLink({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  const { data, error } = usePatient(patientId);
  const name = data ? nameOfPatient(data) : error ? t`A patient whose name could not be read` : '…';
  return (
    <Link to="/patients/$patientId/messages" params={{ patientId }}>
      {name}
    </Link>
  );
}

function Filters() {
  const { i18n, t } = useLingui();
  const search = useSearch({ from: '/signed-in-people/messages' });
  const go = useNavigate({ from: '/messages' });
  const narrow = (name: 'state' | 'kind' | 'channel', value: string) =>
    go({ search: (before) => ({ ...before, [name]: value || undefined }) });
  return (
    <search className="unprinted grid gap-3 tablet:grid-cols-3">
      <ChoiceField
        label={t`What became of it`}
        value={oneOf(messageStateNames, search.state) ?? ''}
        onChange={(event) => narrow('state', event.target.value)}
      >
        <option value="">{t`Anything`}</option>
        {messageStateNames.map((each) => (
          <option key={each} value={each}>
            {i18n._(messageStates[each])}
          </option>
        ))}
      </ChoiceField>
      <ChoiceField
        label={t`What it says`}
        value={oneOf(messageKindNames, search.kind) ?? ''}
        onChange={(event) => narrow('kind', event.target.value)}
      >
        <option value="">{t`Anything`}</option>
        {messageKindNames.map((each) => (
          <option key={each} value={each}>
            {i18n._(messageKinds[each])}
          </option>
        ))}
      </ChoiceField>
      <ChoiceField
        label={t`By what`}
        value={oneOf(messageChannelNames, search.channel) ?? ''}
        onChange={(event) => narrow('channel', event.target.value)}
      >
        <option value="">{t`Anything`}</option>
        {messageChannelNames.map((each) => (
          <option key={each} value={each}>
            {i18n._(messageChannels[each])}
          </option>
        ))}
      </ChoiceField>
    </search>
  );
}
