import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMessageTemplates } from '../../../api/messages.ts';
import type { MessageTemplate } from '../../../api/types.ts';
import { MessagePages } from '../../../ui/message-pages.tsx';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { languageNames, templateNames } from '../../../words/messages.ts';

/** What messages say, of each kind and in each language. */
export function MessageTemplates() {
  const { t } = useLingui();
  return (
    <Page title={t`What messages say`}>
      <MessagePages />
      <p className="text-quiet">
        <Trans>
          Nothing medical can be written into a message: what a text names is filled in as it leaves, and none of that
          is medical.
        </Trans>
      </p>
      <Remote
        of={useMessageTemplates()}
        label={t`what messages say`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is no text.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-2">
            {[...Map.groupBy(items, ({ name }) => name)].map(([name, texts]) => (
              <li key={name}>
                <OfKind name={name} texts={texts} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
    </Page>
  );
}

function OfKind({ name, texts }: { name: string; texts: readonly MessageTemplate[] }) {
  const { i18n } = useLingui();
  const words = templateNames[name];
  return (
    <Card className="flex flex-wrap items-center gap-x-6 gap-y-1 py-2">
      <h2 className="min-w-60 flex-1 text-base font-semibold">{words ? i18n._(words) : name}</h2>
      {texts.map(({ language, version }) => (
        <p key={language}>
          <Link to="/messages/templates/$name/$language" params={{ name, language }}>
            <span className="sr-only">{words ? i18n._(words) : name}: </span>
            <span lang={language}>{languageNames[language] ?? language}</span>
          </Link>{' '}
          {version.startsWith('practice:') && (
            <span className="text-sm text-quiet">
              <Trans>(set by the practice)</Trans>
            </span>
          )}
        </p>
      ))}
    </Card>
  );
}
