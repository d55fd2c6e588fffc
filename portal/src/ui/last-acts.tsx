import { Trans, useLingui } from '@lingui/react/macro';
import { useLastActs } from '../api/audit.ts';
import type { User } from '../api/types.ts';
import { AuditLines } from './audit-lines.tsx';
import { Remote } from './remote.tsx';
import { Unanswered } from './unanswered.tsx';

/** What somebody did last that is on record, for who wonders whether they are still let in for a reason. */
export function LastActs({ user }: { user: User }) {
  const { t } = useLingui();
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>What they did last</Trans>
      </h2>
      <Remote
        of={useLastActs(user.id)}
        label={t`what they did last`}
        isNone={({ items, unavailable }) => items.length === 0 && unavailable.length === 0}
        none={<Trans>Nothing that concerned somebody’s data is on record.</Trans>}
      >
        {({ items, unavailable }) => (
          <>
            <Unanswered of={unavailable} />
            {items.length > 0 && <AuditLines events={items} emails={new Map([[user.id, user.email]])} />}
          </>
        )}
      </Remote>
    </section>
  );
}
