import { Trans, useLingui } from '@lingui/react/macro';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { type MessageFilter, useMessages } from '../../api/messages.ts';
import { usePracticeZone } from '../../api/practitioners.ts';
import { MessageResend } from '../../forms/message-resend.tsx';
import { useReadsLedger } from '../../session/reads-ledger.ts';
import { now } from '../../time/server-clock.ts';
import { dateAt } from '../../time/zone.ts';
import { DayChoice } from '../../ui/day-choice.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { MessageLine } from '../../ui/message-line.tsx';
import { MessagePages } from '../../ui/message-pages.tsx';
import { MessageText } from '../../ui/message-text.tsx';
import { Page } from '../../ui/page.tsx';
import { PatientMessagesLink } from '../../ui/patient-messages-link.tsx';
import { Remote } from '../../ui/remote.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import {
  messageChannelNames,
  messageChannels,
  messageKindNames,
  messageKinds,
  messageStateNames,
  messageStates,
} from '../../words/messages.ts';

/** Every message of a day, whether it left or not, and why; whoever is not shown it begins at what they are. */
export function Messages() {
  return useReadsLedger() ? <OfDay /> : <Navigate to="/messages/delivery" replace />;
}

/** What an address may say that is one of these. */
const oneOf = <T extends string>(all: readonly T[], said: string | undefined): T | undefined =>
  all.find((each) => each === said);

function useNarrowed(): Pick<MessageFilter, 'state' | 'kind' | 'channel'> {
  const { state, kind, channel } = useSearch({ from: '/signed-in-people/messages' });
  return {
    state: oneOf(messageStateNames, state),
    kind: oneOf(messageKindNames, kind),
    channel: oneOf(messageChannelNames, channel),
  };
}

function OfDay() {
  const { t } = useLingui();
  const search = useSearch({ from: '/signed-in-people/messages' });
  const go = useNavigate({ from: '/messages' });
  const zone = usePracticeZone();
  const today = zone.data && dateAt(now(), zone.data);
  const day = search.day ?? today;
  // Without its day it would be asked for all that ever were.
  const messages = useMessages({ day, ...useNarrowed() }, day !== undefined);
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
      <MessagePages />
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
                        about={each.patientId && <PatientMessagesLink patientId={each.patientId} />}
                        beside={each.patientId && <MessageResend message={each} />}
                      >
                        <MessageText message={each} isToStaff />
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

function Filters() {
  const { i18n, t } = useLingui();
  const { state, kind, channel } = useNarrowed();
  const go = useNavigate({ from: '/messages' });
  const narrow = (name: 'state' | 'kind' | 'channel', value: string) =>
    go({ search: (before) => ({ ...before, [name]: value || undefined }) });
  return (
    <search className="unprinted grid gap-3 tablet:grid-cols-3">
      <ChoiceField
        label={t`What became of it`}
        value={state ?? ''}
        onChange={(event) => narrow('state', event.target.value)}
      >
        <option value="">{t`Anything`}</option>
        {messageStateNames.map((each) => (
          <option key={each} value={each}>
            {i18n._(messageStates[each])}
          </option>
        ))}
      </ChoiceField>
      <ChoiceField label={t`What it says`} value={kind ?? ''} onChange={(event) => narrow('kind', event.target.value)}>
        <option value="">{t`Anything`}</option>
        {messageKindNames.map((each) => (
          <option key={each} value={each}>
            {i18n._(messageKinds[each])}
          </option>
        ))}
      </ChoiceField>
      <ChoiceField label={t`By what`} value={channel ?? ''} onChange={(event) => narrow('channel', event.target.value)}>
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
