import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { nameOfPractitioner, usePractitioner } from '../../api/practitioners.ts';
import { PractitionerChange } from '../../forms/practitioner-change.tsx';
import { PractitionerEnd } from '../../forms/practitioner-end.tsx';
import { useHat } from '../../session/hat.ts';
import { usePerson } from '../../session/use-session.ts';
import { Sentence } from '../../ui/import-report.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';

/** What the directory says of one practitioner. */
export function PractitionerPage() {
  const { t } = useLingui();
  const { practitionerId } = useParams({ from: '/signed-in-people/practitioners/$practitionerId' });
  const practitioner = usePractitioner(practitionerId);
  const hat = useHat(usePerson());
  return (
    <Page title={practitioner.data ? nameOfPractitioner(practitioner.data) : t`Practitioner`}>
      <Remote of={practitioner} label={t`the practitioner`}>
        {(found) => (
          <div key={found.id} className="grid gap-8">
            {hat === 'secretary' && (
              <p>
                <Link to="/schedules/$practitionerId" params={{ practitionerId }}>
                  <Trans>Hours and absences</Trans>
                </Link>
              </p>
            )}
            {found.warnings.length > 0 && (
              <Notice look="warn" title={t`To look at`}>
                <ul className="list-disc pl-5">
                  {found.warnings.map(({ path, code, message }) => (
                    <li key={path + code}>
                      <Sentence at={path} code={code} message={message} />
                    </li>
                  ))}
                </ul>
              </Notice>
            )}
            <PractitionerChange practitioner={found} />
            <PractitionerEnd practitioner={found} />
          </div>
        )}
      </Remote>
    </Page>
  );
}
