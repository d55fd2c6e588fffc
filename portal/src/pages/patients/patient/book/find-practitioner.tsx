import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { nameOfPractitioner, usePractitioners } from '../../../../api/practitioners.ts';
import type { Practitioner } from '../../../../api/types.ts';
import { Button } from '../../../../ui/button.tsx';
import { ChoiceField, TextField } from '../../../../ui/field.tsx';
import { Card, Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';

const cityOf = ({ address, name }: Practitioner['places'][number]): string => address?.city ?? name;

/** The first choice of a booking: with whom. What was searched stands in the address, so that back finds it again. */
export function FindPractitioner() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/book' });
  const { q = '', place = '' } = useSearch({ from: '/signed-in-people/patients/$patientId/book' });
  const go = useNavigate({ from: '/patients/$patientId/book' });
  const [words, setWords] = useState(q);
  const found = usePractitioners(q);
  const places = [...new Set(found.data?.flatMap(({ places }) => places.map(cityOf)))].sort();
  const fitting = (all: Practitioner[]) =>
    all.filter(({ places, appointmentTypes }) => {
      return appointmentTypes.length > 0 && (place === '' || places.some((each) => cityOf(each) === place));
    });
  return (
    <Page title={t`With whom?`}>
      <search>
        <form
          className="grid items-end gap-3 tablet:grid-cols-[1fr_14rem_auto]"
          onSubmit={(event) => {
            event.preventDefault();
            void go({ search: (before) => ({ ...before, q: words.trim() || undefined }) });
          }}
        >
          <TextField
            label={t`Name or speciality`}
            value={words}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => setWords(event.target.value)}
          />
          <ChoiceField
            label={t`Place`}
            value={place}
            onChange={(event) => go({ search: (before) => ({ ...before, place: event.target.value || undefined }) })}
          >
            <option value="">{t`Everywhere`}</option>
            {[...new Set([...places, ...(place ? [place] : [])])].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </ChoiceField>
          <Button type="submit" look="main">
            <Trans>Search</Trans>
          </Button>
        </form>
      </search>
      <Remote
        of={found}
        label={t`practitioners`}
        isNone={(all) => fitting(all).length === 0}
        none={<Trans>Nobody here fits that. Try the beginning of a name, or of a speciality.</Trans>}
      >
        {(all) => (
          <>
            <p role="status" className="text-quiet">
              <Plural value={fitting(all).length} one="# practitioner" other="# practitioners" />
            </p>
            <ul className="grid gap-3">
              {fitting(all).map((each) => (
                <li key={each.id}>
                  <Card className="relative flex flex-wrap items-center justify-between gap-3 hover:border-accent">
                    <div>
                      <h2>
                        <Link
                          to="/patients/$patientId/book/$practitionerId"
                          params={{ patientId, practitionerId: each.id }}
                          className="text-ink no-underline after:absolute after:inset-0"
                        >
                          {nameOfPractitioner(each)}
                        </Link>
                      </h2>
                      <p>{each.specialities.map(({ display }) => display).join(', ')}</p>
                      <p className="text-sm text-quiet">
                        {each.places
                          .map((place) => [place.name, place.address?.city].filter(Boolean).join(', '))
                          .join(' · ')}
                      </p>
                    </div>
                    <span aria-hidden="true" className="text-accent">
                      →
                    </span>
                  </Card>
                </li>
              ))}
            </ul>
          </>
        )}
      </Remote>
    </Page>
  );
}
