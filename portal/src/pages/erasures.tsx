import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useUnfinishedErasures } from '../api/data-rights.ts';
import { PatientFind } from '../forms/patient-find.tsx';
import { formatIn } from '../time/zone.ts';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';

/** Erasures of which a receipt is missing; and the way to the patient who asks for theirs. */
export function Erasures() {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const [words, setWords] = useState('');
  const unfinished = useUnfinishedErasures();
  const at = formatIn(i18n.locale, { dateStyle: 'long', timeStyle: 'short' });
  return (
    <Page title={t`Erasures`}>
      <section className="grid gap-3">
        <h2>
          <Trans>Who asks for it?</Trans>
        </h2>
        <PatientFind
          words={words}
          onWords={setWords}
          onChoose={({ id }) => go({ to: '/patients/$patientId/erasure', params: { patientId: id } })}
        />
      </section>
      <section className="grid gap-3">
        <h2>
          <Trans>A receipt is missing</Trans>
        </h2>
        <Remote
          of={unfinished}
          label={t`erasures`}
          isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
          none={<Trans>Every erasure has all its receipts.</Trans>}
        >
          {({ pages }) => (
            <ul className="grid gap-2">
              {pages
                .flatMap(({ items }) => items)
                .map(({ patientId, erasedAt, ageHours = 0, waitsFor = [] }) => (
                  <li key={patientId}>
                    <Card>
                      <p className="font-semibold">
                        <Link to="/patients/$patientId/erasure" params={{ patientId }}>
                          {patientId}
                        </Link>
                      </p>
                      <p className="text-sm">
                        {erasedAt && at.format(new Date(erasedAt))} ·{' '}
                        <Plural value={ageHours} one="# hour ago" other="# hours ago" /> ·{' '}
                        <Trans>waits for: {waitsFor.join(', ')}</Trans>
                      </p>
                    </Card>
                  </li>
                ))}
            </ul>
          )}
        </Remote>
        <ShowMore of={unfinished} />
      </section>
    </Page>
  );
}
