import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { useMessage } from '../api/messages.ts';
import type { Message } from '../api/types.ts';
import { Remote } from './remote.tsx';

interface Props {
  message: Message;
  /** With what the provider said, which is of no use to patients. */
  isToStaff: boolean;
}

/** What a message said and how it went; read once it is unfolded, as whoever reads it is written down. */
export function MessageText({ message, isToStaff }: Props) {
  const [isOpened, setOpened] = useState(false);
  if (!message.sentAt && !isToStaff) return null;
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="cursor-pointer text-sm text-accent">
        {message.sentAt ? <Trans>What it said</Trans> : <Trans>How it went</Trans>}
      </summary>
      {isOpened && <Opened id={message.id} isToStaff={isToStaff} />}
    </details>
  );
}

function Opened({ id, isToStaff }: { id: string; isToStaff: boolean }) {
  const { t } = useLingui();
  const message = useMessage(id);
  return (
    <Remote of={message} label={t`what the message said`}>
      {(found) => (
        <div className="grid gap-2 border-l-2 border-line pt-2 pl-3">
          {found.sentAt && <Said message={found} />}
          {isToStaff && <Facts message={found} />}
        </div>
      )}
    </Remote>
  );
}

function Said({ message: { content, occasion, language } }: { message: Message }) {
  if (content)
    return (
      <div lang={language} className="grid gap-1">
        {content.subject && <p className="font-semibold">{content.subject}</p>}
        <p className="whitespace-pre-wrap break-words">{content.text}</p>
      </div>
    );
  return (
    <p className="text-quiet">
      {occasion === 'code' ? (
        <Trans>There was a code in it, so its text is kept nowhere.</Trans>
      ) : (
        <Trans>Its text is kept for 30 days, which are over.</Trans>
      )}
    </p>
  );
}

function Facts({ message }: { message: Message }) {
  const { i18n } = useLingui();
  const { attempts, provider, providerId, parts, cost, template, templateVersion, language, failure } = message;
  const euros = new Intl.NumberFormat(i18n.locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 3 });
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm tablet:grid-cols-[12rem_1fr] [&_dt]:text-quiet">
      <Fact name={<Trans>Attempts</Trans>}>{attempts}</Fact>
      {failure && <Fact name={<Trans>In the words of the provider</Trans>}>{failure.text}</Fact>}
      {provider && <Fact name={<Trans>Provider</Trans>}>{[provider, providerId].filter(Boolean).join(', ')}</Fact>}
      {parts !== undefined && <Fact name={<Trans>Parts of the SMS</Trans>}>{parts}</Fact>}
      {cost !== undefined && <Fact name={<Trans>Cost</Trans>}>{euros.format(cost / 1_000)}</Fact>}
      {template && (
        <Fact name={<Trans>Text</Trans>}>{[template, language, templateVersion].filter(Boolean).join(', ')}</Fact>
      )}
    </dl>
  );
}

const Fact = ({ name, children }: { name: ReactNode; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="break-words">{children}</dd>
  </>
);
