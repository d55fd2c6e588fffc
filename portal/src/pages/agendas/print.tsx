import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { nameOfPractitioner, usePractitioners } from '../../api/practitioners.ts';
import type { Practitioner } from '../../api/types.ts';
import { CopyState } from '../../outage/copy-state.tsx';
import { chosenOf } from '../../paper/chosen.ts';
import { DayList } from '../../paper/day-list.tsx';
import { densityOf } from '../../paper/day-sheet.ts';
import { useDaySheets } from '../../paper/use-day-sheets.ts';
import { usePerson } from '../../session/use-session.ts';
import { now } from '../../time/server-clock.ts';
import { dateAt, dateInWords, momentAt } from '../../time/zone.ts';
import { Button } from '../../ui/button.tsx';
import { DayChoice } from '../../ui/day-choice.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PractitionerChoice } from '../../ui/practitioner-choice.tsx';
import { Loading, Remote } from '../../ui/remote.tsx';

/** As many as stand on one sheet. */
const sheetsMax = 8;

/** The day of one practitioner or several on one sheet of paper, and the copy for when the practice cannot be reached. */
export function DayListPage() {
  const { i18n, t } = useLingui();
  const { practitionerId } = usePerson();
  const practitioners = usePractitioners('');
  const search = useSearch({ from: '/signed-in-people/agendas/print' });
  const go = useNavigate({ from: '/agendas/print' });
  const zone = practitioners.data?.[0]?.places[0]?.zone ?? 'UTC';
  const today = dateAt(now(), zone);
  const day = search.day ?? today;
  const show = (words: { day?: string; who?: string }) => go({ search: (before) => ({ ...before, ...words }) });
  return (
    <Page
      title={t`Day list, ${dateInWords(day, i18n.locale, 'full')}`}
      isWide
      beside={<DayChoice day={day} today={today} onChange={(chosen) => show({ day: chosen })} />}
    >
      <Remote
        of={practitioners}
        label={t`practitioners`}
        isNone={(all) => all.length === 0}
        none={<Trans>There is no practitioner yet.</Trans>}
      >
        {(all) => {
          const chosen = chosenOf(all, { who: search.who, ownId: practitionerId, max: sheetsMax });
          return (
            <>
              <PractitionerChoice
                all={all}
                chosen={chosen.map(({ id }) => id)}
                max={sheetsMax}
                onChange={(ids) => show({ who: ids.join(',') || undefined })}
              />
              <Sheet day={day} zone={zone} practitioners={chosen} />
            </>
          );
        }}
      </Remote>
      <CopyState />
    </Page>
  );
}

function Sheet({ day, zone, practitioners }: { day: string; zone: string; practitioners: Practitioner[] }) {
  const { i18n, t } = useLingui();
  const { sheets, closed, isReading, failed } = useDaySheets(day, practitioners);
  const printed = momentAt(new Date(now()).toISOString(), zone, i18n.locale);
  return (
    <>
      {failed && <Failure error={failed.error} onRetry={failed.again} />}
      {closed.length > 0 && (
        <Notice look="warn" title={t`Not on the list: agendas that are closed to you`}>
          <p>{closed.map(nameOfPractitioner).join(', ')}</p>
        </Notice>
      )}
      {densityOf(sheets) === 'overflowing' && (
        <Notice look="warn" title={t`This is more than one sheet takes`}>
          <p>
            <Trans>It is printed on several. Choose fewer agendas to have them on one.</Trans>
          </p>
        </Notice>
      )}
      {isReading && <Loading label={t`the day list`} />}
      {!isReading && sheets.length > 0 && (
        <>
          <div>
            <Button look="main" onClick={() => print()}>
              <Trans>Print</Trans>
            </Button>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the screen is scrolled by keys as well. */}
          <section tabIndex={0} aria-label={t`The sheet`} className="overflow-x-auto">
            <DayList title={t`${dateInWords(day, i18n.locale, 'full')} (printed ${printed})`} sheets={sheets} />
          </section>
        </>
      )}
    </>
  );
}
