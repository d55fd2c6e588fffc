import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { nameOfPractitioner, usePractitioner } from '../api/practitioners.ts';
import type { EmergencyAccess } from '../api/types.ts';
import { EmergencyJudge } from '../forms/emergency-judge.tsx';
import { formatIn } from '../time/zone.ts';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { emergencyReasons } from '../words/emergency-reasons.ts';

const emergenciesKey = ['emergencies'] as const;

/** Records that were opened in an emergency and that nobody has judged yet. */
export function Emergencies() {
  const { t } = useLingui();
  const accesses = useQuery({
    queryKey: emergenciesKey,
    queryFn: () =>
      told(api.GET('/api/records/emergency-accesses', { params: { query: { unreviewed: true, limit: 100 } } })),
  });
  return (
    <Page title={t`Emergency accesses`}>
      <Remote
        of={accesses}
        label={t`emergency accesses`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is none to be reviewed.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-3">
            {items.map((each) => (
              <li key={each.id}>
                <Line access={each} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
    </Page>
  );
}

function Line({ access }: { access: EmergencyAccess }) {
  const { i18n } = useLingui();
  const { data: practitioner } = usePractitioner(access.practitionerId);
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Card className={`grid gap-2 ${access.escalated ? 'border-bad' : ''}`}>
      <p className="font-semibold">
        {practitioner ? nameOfPractitioner(practitioner) : '…'} · {at.format(new Date(access.since))}
      </p>
      <p>
        {i18n._(emergencyReasons[access.reasonCode])}
        {access.words && <span className="block whitespace-pre-wrap">{access.words}</span>}
      </p>
      {access.escalated && (
        <p className="font-semibold text-bad">
          <Trans>Has waited for more than a week.</Trans>
        </p>
      )}
      <EmergencyJudge access={access} />
    </Card>
  );
}
