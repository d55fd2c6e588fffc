import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { nameOfPractitioner, useDirectory } from '../../api/practitioners.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { Tick } from '../../ui/tick.tsx';

/** The directory of the practice. What was searched stands in the address, so that back finds it again. */
export function Practitioners() {
  const { t } = useLingui();
  const { q = '', gone } = useSearch({ from: '/signed-in-people/practitioners' });
  const go = useNavigate({ from: '/practitioners' });
  const [words, setWords] = useState(q);
  const isGone = gone !== undefined;
  const found = useDirectory(q, !isGone);
  return (
    <Page
      title={t`Practitioners`}
      beside={
        <Link to="/practitioners/new" className={buttonLook({ size: 'desk' })}>
          <Trans>Add a practitioner</Trans>
        </Link>
      }
    >
      <search>
        <form
          className="grid items-end gap-3 tablet:grid-cols-[1fr_auto]"
          onSubmit={(event) => {
            event.preventDefault();
            void go({ search: (before) => ({ ...before, q: words.trim() || undefined }) });
          }}
        >
          <TextField
            label={t`Name`}
            value={words}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setWords(event.target.value)}
          />
          <Button type="submit" look="main">
            <Trans>Search</Trans>
          </Button>
          <Tick
            is={isGone}
            onChange={(is) => go({ search: (before) => ({ ...before, gone: is ? 'yes' : undefined }) })}
          >
            <Trans>Those who receive here no more</Trans>
          </Tick>
        </form>
      </search>
      <Remote
        of={found}
        label={t`practitioners`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>Nobody here fits that. Try the beginning of a name.</Trans>}
      >
        {({ pages }) => (
          <ul className="grid gap-2">
            {pages
              .flatMap(({ items }) => items)
              .map((each) => (
                <li key={each.id}>
                  <Card className="relative hover:border-accent">
                    <h2>
                      <Link
                        to="/practitioners/$practitionerId"
                        params={{ practitionerId: each.id }}
                        className="text-ink no-underline after:absolute after:inset-0"
                      >
                        {nameOfPractitioner(each)}
                      </Link>
                    </h2>
                    <p>{each.specialities.map(({ display }) => display).join(', ')}</p>
                    <p className="text-sm text-quiet">{each.places.map(({ name }) => name).join(' · ')}</p>
                  </Card>
                </li>
              ))}
          </ul>
        )}
      </Remote>
      <ShowMore of={found} />
    </Page>
  );
}
