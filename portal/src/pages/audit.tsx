import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { type AuditSearch, useAudit } from '../api/audit.ts';
import type { AuditEvent } from '../api/types.ts';
import { useEmailsOf } from '../api/users.ts';
import { AuditExport } from '../forms/audit-export.tsx';
import { AuditFilter, nothingAsked } from '../forms/audit-filter.tsx';
import { AuditLines } from '../ui/audit-lines.tsx';
import { NothingAudited } from '../ui/nothing-audited.tsx';
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
  const [typed, setTyped] = useState<AuditSearch>(nothingAsked);
  const [withServices, setWithServices] = useState(false);
  const events = useAudit(asked);
  const shown = events.data?.pages.flatMap(({ items }) => items) ?? [];
  const emails = useEmailsOf(shown.flatMap(({ actor, subjects }) => [actor, ...subjects]));
  return (
    <Page title={t`Audit`} isWide>
      <search>
        <AuditFilter
          isBusy={events.isFetching}
          onSearch={(question, words) => {
            setAsked(question);
            setTyped(words);
          }}
        />
        <Tick is={withServices} onChange={setWithServices} className="mt-3">
          <Trans>Also what services do among themselves</Trans>
        </Tick>
      </search>
      <Remote
        of={events}
        label={t`the audit trail`}
        isNone={({ pages }) => pages.every(({ items, unavailable }) => items.length === 0 && unavailable.length === 0)}
        none={<NothingAudited typed={typed} />}
      >
        {({ pages }) => (
          <>
            <Unanswered of={pages.at(-1)?.unavailable ?? []} />
            <Lines events={pages.flatMap(({ items }) => items)} withServices={withServices} emails={emails} />
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

interface LinesProps {
  events: AuditEvent[];
  withServices: boolean;
  emails: ReadonlyMap<string, string>;
}

function Lines({ events, withServices, emails }: LinesProps) {
  const shown = events.filter((each) => withServices || !isOfServices(each));
  if (shown.length > 0) return <AuditLines events={shown} emails={emails} />;
  if (events.length === 0) return null;
  return (
    <p className="rounded-card border border-dashed border-edge p-6 text-quiet">
      <Plural
        value={events.length}
        one="The one line so far that fits is of what services do among themselves; it is not shown."
        other="All # lines so far that fit are of what services do among themselves; they are not shown."
      />
    </p>
  );
}
