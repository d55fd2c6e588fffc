import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useMessageTemplate, useTemplatePreview } from '../../../api/messages.ts';
import type { MessageTemplateDetails, MessageTemplateText } from '../../../api/types.ts';
import { MessageTemplateSet } from '../../../forms/message-template-set.tsx';
import { usePerson } from '../../../session/use-session.ts';
import { MessagePages } from '../../../ui/message-pages.tsx';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { TemplateVariables } from '../../../ui/template-variables.tsx';
import { TemplateVersions } from '../../../ui/template-versions.tsx';
import { languageNames, templateNames } from '../../../words/messages.ts';

/** What one kind of message says in one language: set, looked at on sample data, and compared with what it said before. */
export function MessageTemplatePage() {
  const { i18n, t } = useLingui();
  const { name, language } = useParams({ from: '/signed-in-people/messages/templates/$name/$language' });
  const words = templateNames[name];
  const title = words ? i18n._(words) : name;
  const inWords = languageNames[language] ?? language;
  return (
    <Page title={t`${title} (${inWords})`}>
      <MessagePages />
      <p>
        <Link to="/messages/templates">
          <Trans>All texts of messages</Trans>
        </Link>
      </p>
      <Template key={`${name} ${language}`} name={name} language={language} />
    </Page>
  );
}

function Template({ name, language }: { name: string; language: string }) {
  const { t } = useLingui();
  const [tried, tryOut] = useState<MessageTemplateText>();
  const template = useMessageTemplate(name, language);
  // Practitioners read it; the desk and administrators set it.
  const maySet = usePerson().roles.some((role) => role === 'secretary' || role === 'admin');
  return (
    <>
      <Remote of={template} label={t`what the message says`}>
        {(found) =>
          maySet ? (
            <MessageTemplateSet template={found} onTryOut={tryOut} />
          ) : (
            <TemplateVariables of={found.variables} />
          )
        }
      </Remote>
      <section className="grid gap-3">
        <h2>
          <Trans>With sample data</Trans>
        </h2>
        <Preview name={name} language={language} tried={tried} />
      </section>
      {template.data && <Versions of={template.data} />}
    </>
  );
}

function Preview({ name, language, tried }: { name: string; language: string; tried?: MessageTemplateText }) {
  const { t } = useLingui();
  return (
    <Remote of={useTemplatePreview(name, language, tried)} label={t`the message with sample data`}>
      {({ subject, text, short }) => (
        <div className="grid gap-3" role="status">
          <p className="text-sm text-quiet">
            {tried ? <Trans>What is typed above, which is not saved.</Trans> : <Trans>What is in force.</Trans>}
          </p>
          <Card className="grid gap-2">
            <p className="text-sm text-quiet">
              <Trans>As a mail</Trans>
            </p>
            <p lang={language} className="font-semibold">
              {subject}
            </p>
            <p lang={language} className="whitespace-pre-wrap break-words">
              {text}
            </p>
          </Card>
          <Card className="grid gap-2">
            <p className="text-sm text-quiet">
              <Trans>As an SMS or a push notification</Trans>
            </p>
            <p lang={language} className="break-words">
              {short}
            </p>
          </Card>
        </div>
      )}
    </Remote>
  );
}

const Versions = ({ of }: { of: MessageTemplateDetails }) => (
  <section className="grid gap-3">
    <h2>
      <Trans>What it said before</Trans>
    </h2>
    <TemplateVersions of={of} />
  </section>
);
