import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { type AuditSearch, useAudit } from '../api/audit.ts';
import type { AuditEvent } from '../api/types.ts';
import { useUserEmails } from '../api/users.ts';
import { AuditExport } from '../forms/audit-export.tsx';
import { AuditFilter, nothingAsked } from '../forms/audit-filter.tsx';
import { AuditLines } from '../ui/audit-lines.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';
import { Tick } from '../ui/tick.tsx';
import { Unanswered } from '../ui/unanswered.tsx';

const isOfServices = ({ roles }: AuditEvent): boolean => roles.includes('service');

/** Who saw or changed whose data, in all services at once, the latest first. */
export function Audit() {
  const { t } = useLingui();
  const [asked, setAsked] = useState<AuditSearch>(nothingAsked);
  const [withServices, setWithServices] = useState(false);
  const events = useAudit(asked);
  const emails = useUserEmails();
  return (
    <Page title={t`Audit`} isWide>
      <search>
        <AuditFilter emails={emails} onSearch={setAsked} isBusy={events.isFetching} />
        <Tick is={withServices} onChange={setWithServices} className="mt-3">
          <Trans>Also what services do among themselves</Trans>
        </Tick>
      </search>
      <Remote
        of={events}
        label={t`the audit trail`}
        isNone={({ pages }) => pages.every(({ items, unavailable }) => items.length === 0 && unavailable.length === 0)}
        none={<Trans>Nothing fits that.</Trans>}
      >
        {({ pages }) => (
          <>
            <Unanswered of={pages.at(-1)?.unavailable ?? []} />
            <AuditLines
              events={pages.flatMap(({ items }) => items).filter((each) => withServices || !isOfServices(each))}
              emails={emails}
            />
            <ShowMore of={events}>
              <Trans>Show earlier ones</Trans>
            </ShowMore>
            <AuditExport search={asked} withServices={withServices} isOfServices={isOfServices} />
          </>
        )}
      </Remote>
      <Notice title={t`Whether the trails are whole is not told here`}>
        <p>
          <Trans>
            Each line is sealed to the one before it, and the services hold each other’s last lines. Whoever runs the
            platform verifies that by <code>npm run verify-audit</code>, which names the line at which a trail is not
            whole.
          </Trans>
        </p>
      </Notice>
    </Page>
  );
}
