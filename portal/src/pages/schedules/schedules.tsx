import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { nameOfPractitioner, usePractitioners } from '../../api/practitioners.ts';
import { Card, Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';

/** Whose hours and absences somebody may look at. */
export function Schedules() {
  const { t } = useLingui();
  const practitioners = usePractitioners('');
  return (
    <Page title={t`Hours and absences`}>
      <Remote
        of={practitioners}
        label={t`practitioners`}
        isNone={(all) => all.length === 0}
        none={<Trans>There is no practitioner yet.</Trans>}
      >
        {(all) => (
          <ul className="grid gap-2 tablet:grid-cols-2">
            {all.map((each) => (
              <li key={each.id}>
                <Card className="flex flex-wrap items-baseline gap-x-4 py-2">
                  <div className="flex-1 basis-40">
                    <Link
                      to="/schedules/$practitionerId"
                      params={{ practitionerId: each.id }}
                      className="font-semibold"
                    >
                      {nameOfPractitioner(each)}
                    </Link>
                    <p className="text-sm text-quiet">{each.specialities.map(({ display }) => display).join(', ')}</p>
                  </div>
                  <Link
                    to="/calendars/$practitionerId"
                    params={{ practitionerId: each.id }}
                    aria-label={t`Calendars elsewhere of ${nameOfPractitioner(each)}`}
                    className="ml-auto text-sm"
                  >
                    <Trans>Calendars elsewhere</Trans>
                  </Link>
                </Card>
              </li>
            ))}
          </ul>
        )}
      </Remote>
    </Page>
  );
}
