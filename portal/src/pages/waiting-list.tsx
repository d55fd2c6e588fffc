import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import type { Practitioner, Waiting } from '../api/types.ts';
import { useWaitingDetails, useWaitingFor } from '../api/waiting-list.ts';
import { OfferLine, passingsIn, WaitingLine } from '../forms/waiting-line.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';

/** Who waits for a practitioner or at a place: who is offered what, until when, why them, and who comes next. */
export function WaitingListPage() {
  const { t } = useLingui();
  const { who, place } = useSearch({ from: '/signed-in-people/waiting-list' });
  const practitioners = usePractitioners('');
  const proposed = useWaitingFor(who, 'proposed');
  const waiting = useWaitingFor(who, 'waitlist');
  const isThere = atPlace(practitioners.data ?? [], place);
  const details = useWaitingDetails(proposed.data?.items.filter(isThere).map(({ id }) => id) ?? []);
  const passings = passingsIn(details);
  const isNone = ({ items }: { items: Waiting[] }) => !items.some(isThere);
  return (
    <Page title={t`Waiting list`}>
      <Remote of={practitioners} label={t`practitioners`}>
        {(all) => <Filters all={all} />}
      </Remote>
      <section className="grid gap-3">
        <h2>
          <Trans>Offered now</Trans>
        </h2>
        <Remote of={proposed} label={t`offers`} isNone={isNone} none={<Trans>Nothing is being offered.</Trans>}>
          {({ items }) => (
            <ul className="grid gap-2">
              {items.filter(isThere).map((each) => (
                <li key={each.id}>
                  <OfferLine waiting={each} />
                </li>
              ))}
            </ul>
          )}
        </Remote>
      </section>
      <section className="grid gap-3">
        <h2>
          <Trans>Waiting, in the order in which free times are offered</Trans>
        </h2>
        <Remote of={waiting} label={t`the waiting list`} isNone={isNone} none={<Trans>Nobody waits.</Trans>}>
          {({ items, isCut }) => (
            <>
              <ol className="grid gap-2">
                {items.map(
                  (each, nth) =>
                    isThere(each) && (
                      <li key={each.id}>
                        <WaitingLine waiting={each} place={nth + 1} passings={passings.get(each.id) ?? []} />
                      </li>
                    ),
                )}
              </ol>
              {isCut && <Notice look="warn" title={t`There are more than can be shown here; choose a practitioner`} />}
            </>
          )}
        </Remote>
      </section>
    </Page>
  );
}

/** Whether an entry is for somebody who receives at that place; of every entry where no place is chosen. */
function atPlace(all: readonly Practitioner[], place: string | undefined): (waiting: Waiting) => boolean {
  if (!place) return () => true;
  const there = new Set(all.filter(({ places }) => places.some(({ id }) => id === place)).map(({ id }) => id));
  return ({ wants }) => wants.some(({ practitionerId }) => there.has(practitionerId));
}

function Filters({ all }: { all: readonly Practitioner[] }) {
  const { t } = useLingui();
  const { who = '', place = '' } = useSearch({ from: '/signed-in-people/waiting-list' });
  const go = useNavigate({ from: '/waiting-list' });
  const places = new Map(all.flatMap(({ places }) => places).map(({ id, name }) => [id, name]));
  return (
    <div className="grid gap-3 tablet:grid-cols-2">
      <ChoiceField
        label={t`For whom`}
        value={who}
        onChange={(event) => go({ search: (before) => ({ ...before, who: event.target.value || undefined }) })}
      >
        <option value="">{t`All for whom you work`}</option>
        {all.map((each) => (
          <option key={each.id} value={each.id}>
            {nameOfPractitioner(each)}
          </option>
        ))}
      </ChoiceField>
      <ChoiceField
        label={t`Place`}
        value={place}
        onChange={(event) => go({ search: (before) => ({ ...before, place: event.target.value || undefined }) })}
      >
        <option value="">{t`Everywhere`}</option>
        {[...places].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </ChoiceField>
    </div>
  );
}
