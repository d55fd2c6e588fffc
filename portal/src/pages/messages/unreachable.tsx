import { Trans, useLingui } from '@lingui/react/macro';
import { useUnreachable } from '../../api/unreachable.ts';
import { MessagePages } from '../../ui/message-pages.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { PatientMessagesLink } from '../../ui/patient-messages-link.tsx';
import { Remote } from '../../ui/remote.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { UnreachableLine } from '../../ui/unreachable-line.tsx';

/** Whose addresses are of no use: for a desk, which asks these patients for another. */
export function Unreachable() {
  const { t } = useLingui();
  const addresses = useUnreachable();
  return (
    <Page title={t`Addresses that do not work`}>
      <MessagePages />
      <p className="text-quiet">
        <Trans>
          Nothing is sent there any more, but what is about access where a mail was only called unwanted. Ask the
          patient for another address: it is written to as soon as it stands in their details.
        </Trans>
      </p>
      <Remote
        of={addresses}
        label={t`addresses that do not work`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>There is none that is known of.</Trans>}
      >
        {({ pages }) => (
          <ul className="grid gap-2">
            {pages
              .flatMap(({ items }) => items)
              .map((each) => (
                <li key={each.id}>
                  <Card className="py-3">
                    <UnreachableLine address={each} whose={<PatientMessagesLink patientId={each.patientId} />} />
                  </Card>
                </li>
              ))}
          </ul>
        )}
      </Remote>
      <ShowMore of={addresses} />
    </Page>
  );
}
