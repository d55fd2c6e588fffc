import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { nameOfPractitioner, usePractitioner } from '../api/practitioners.ts';
import type { UnusualAccess } from '../api/types.ts';
import { useEmailsOf } from '../api/users.ts';
import { UnusualAccessJudge, unusualAccessesKey } from '../forms/unusual-access-judge.tsx';
import { dateInWords, formatIn } from '../time/zone.ts';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';
import { unusualReasons } from '../words/unusual.ts';

/** What people of the practice saw that is unusual, and nobody has judged yet; what is due first stands first. */
export function UnusualAccesses() {
  const { t } = useLingui();
  const accesses = useInfiniteQuery({
    queryKey: unusualAccessesKey,
    queryFn: ({ pageParam }: { pageParam?: string }) => {
      const query = { unreviewed: true, limit: 50, cursor: pageParam };
      return told(api.GET('/api/patients/unusual-accesses', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  return (
    <Page title={t`Unusual accesses`}>
      <Remote
        of={accesses}
        label={t`unusual accesses`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>There is none to be reviewed.</Trans>}
      >
        {({ pages }) => (
          <ul className="grid gap-3">
            {pages
              .flatMap(({ items }) => items)
              .map((each) => (
                <li key={each.id}>
                  <Line access={each} />
                </li>
              ))}
          </ul>
        )}
      </Remote>
      <ShowMore of={accesses} />
    </Page>
  );
}

function Line({ access }: { access: UnusualAccess }) {
  const { i18n } = useLingui();
  const { data: practitioner } = usePractitioner(access.practitionerId);
  const email = useEmailsOf([access.actor]).get(access.actor);
  const at = formatIn(i18n.locale, { timeStyle: 'short' });
  const { actor, patientId, day, reasons, lines, patients, usual, escalated } = access;
  return (
    <Card className={`grid gap-2 ${escalated ? 'border-bad' : ''}`}>
      <p className="font-semibold">
        {practitioner ? nameOfPractitioner(practitioner) : (email ?? <code>{actor}</code>)} ·{' '}
        {dateInWords(day, i18n.locale)}
      </p>
      <ul className="list-disc pl-5">
        {reasons.map(({ code }) => (
          <li key={code}>{i18n._(unusualReasons[code])}</li>
        ))}
      </ul>
      {patients !== undefined && (
        <p>
          <Trans>
            {patients} patients within an hour; {usual ?? 0} are usual.
          </Trans>
        </p>
      )}
      {patientId && (
        <p className="text-sm">
          <Trans>
            Patient: <code>{patientId}</code>
          </Trans>
        </p>
      )}
      <ul className="text-sm text-quiet">
        {lines.map((each) => (
          <li key={`${each.service} ${each.sequence}`}>
            {at.format(new Date(each.at))} · {each.service} · {each.action}
          </li>
        ))}
      </ul>
      {escalated && (
        <p className="font-semibold text-bad">
          <Trans>Has waited for more than a week.</Trans>
        </p>
      )}
      <UnusualAccessJudge access={access} />
    </Card>
  );
}
