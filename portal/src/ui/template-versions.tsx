import { Trans, useLingui } from '@lingui/react/macro';
import type { MessageTemplateDetails } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';
import { AuthorName } from './author-name.tsx';
import { Card } from './page.tsx';
import { TemplateCompared } from './template-compared.tsx';

/** Every version that the practice set, the newest first, with who set it and in what it differs from the one before. */
export function TemplateVersions({ of: { versions, file } }: { of: MessageTemplateDetails }) {
  const { i18n } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'long', timeStyle: 'short' });
  if (versions.length === 0)
    return (
      <p className="text-quiet">
        <Trans>The practice has set nothing: it is as it came.</Trans>
      </p>
    );
  return (
    <ol className="grid gap-2">
      {versions.map((each, nth) => (
        <li key={each.nth}>
          <Card className="grid gap-2">
            <p className="text-sm text-quiet">
              <time dateTime={each.setAt}>{at.format(new Date(each.setAt))}</time> ·{' '}
              <Trans>
                set by <AuthorName id={each.setBy} />
              </Trans>
              {nth === versions.length - 1 && (
                <>
                  {' · '}
                  <Trans>compared with how it came</Trans>
                </>
              )}
            </p>
            <TemplateCompared before={versions[nth + 1] ?? file} after={each} />
          </Card>
        </li>
      ))}
    </ol>
  );
}
