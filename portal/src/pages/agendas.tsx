import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Day } from '../agenda/day.tsx';
import { usePractitioners } from '../api/practitioners.ts';
import { usePerson } from '../session/use-session.ts';
import { now } from '../time/server-clock.ts';
import { dateAt, dateInWords, daysAfter } from '../time/zone.ts';
import { AgendaLinks } from '../ui/agenda-links.tsx';
import { Button } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { PractitionerChoice } from '../ui/practitioner-choice.tsx';
import { Remote } from '../ui/remote.tsx';
import { kindNames } from '../words/visit-kinds.ts';

/** As many as are read side by side on a desk's screen. */
const columnsMax = 8;

/** A day of up to eight practitioners. Who and when stand in the address, so that a desk finds its page again. */
export function Agendas() {
  const { i18n, t } = useLingui();
  const { practitionerId } = usePerson();
  const practitioners = usePractitioners('');
  const search = useSearch({ from: '/signed-in-people/agendas' });
  const go = useNavigate({ from: '/agendas' });
  const zone = practitioners.data?.[0]?.places[0]?.zone ?? 'UTC';
  const today = dateAt(now(), zone);
  const day = search.day ?? today;
  const named = search.who?.split(',') ?? (practitionerId ? [practitionerId] : []);
  const show = (words: { day?: string; who?: string; kind?: string }) =>
    go({ search: (before) => ({ ...before, ...words }) });
  return (
    <Page
      title={dateInWords(day, i18n.locale, 'full')}
      isWide
      beside={
        <div className="flex flex-wrap items-center gap-2">
          <Button size="desk" onClick={() => show({ day: daysAfter(day, -1) })} aria-label={t`The day before`}>
            ←
          </Button>
          <Button size="desk" onClick={() => show({ day: undefined })} disabled={day === today}>
            <Trans>Today</Trans>
          </Button>
          <Button size="desk" onClick={() => show({ day: daysAfter(day, 1) })} aria-label={t`The day after`}>
            →
          </Button>
          <input
            type="date"
            aria-label={t`Day`}
            value={day}
            onChange={(event) => event.target.value && show({ day: event.target.value })}
            className="min-h-9 rounded-field border border-edge bg-surface px-2 text-sm"
          />
          <AgendaLinks day={search.day} who={search.who} />
        </div>
      }
    >
      <Remote
        of={practitioners}
        label={t`practitioners`}
        isNone={(all) => all.length === 0}
        none={<Trans>There is no practitioner yet.</Trans>}
      >
        {(all) => {
          const fallback = all.slice(0, columnsMax).map(({ id }) => id);
          const chosen = all
            .filter(({ id }) => (named.length > 0 ? named : fallback).includes(id))
            .slice(0, columnsMax);
          return (
            <div className="-mt-3 grid grid-cols-1 gap-3">
              <div className="grid grid-cols-1 items-start gap-3 tablet:grid-cols-[minmax(0,1fr)_auto]">
                <PractitionerChoice
                  all={all}
                  chosen={chosen.map(({ id }) => id)}
                  max={columnsMax}
                  onChange={(ids) => show({ who: ids.join(',') || undefined })}
                />
                <KindChoice
                  names={kindNames(chosen)}
                  chosen={search.kind}
                  onChange={(kind) => show({ kind: kind || undefined })}
                />
              </div>
              <Day day={day} practitioners={chosen} kind={search.kind} />
            </div>
          );
        }}
      </Remote>
    </Page>
  );
}

interface KindProps {
  names: readonly string[];
  chosen?: string;
  onChange: (name: string) => void;
}

/** For which kind of visit free times are shown. */
function KindChoice({ names, chosen = '', onChange }: KindProps) {
  return (
    <label className="flex flex-wrap items-center gap-2 rounded-card border border-line bg-surface px-3 py-1 text-sm">
      <span className="font-semibold">
        <Trans>Free times for</Trans>
      </span>
      <select
        value={chosen}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-8 max-w-full min-w-0 rounded-field border border-edge bg-surface px-2"
      >
        <option value="">
          <Trans>what each offers first</Trans>
        </option>
        {[...new Set([...names, ...(chosen ? [chosen] : [])])].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
