import { Trans } from '@lingui/react/macro';
import type { MessageTemplateDetails } from '../api/types.ts';
import { Card } from './page.tsx';
import { SetBy } from './set-by.tsx';
import { TemplateCompared } from './template-compared.tsx';

/** Every version that the practice set, the newest first, with who set it and in what it differs from the one before. */
export function TemplateVersions({ of: { versions, file } }: { of: MessageTemplateDetails }) {
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
            <SetBy changedAt={each.setAt} changedBy={each.setBy}>
              {nth === versions.length - 1 && (
                <>
                  {' · '}
                  <Trans>compared with how it came</Trans>
                </>
              )}
            </SetBy>
            <TemplateCompared before={versions[nth + 1] ?? file} after={each} />
          </Card>
        </li>
      ))}
    </ol>
  );
}
