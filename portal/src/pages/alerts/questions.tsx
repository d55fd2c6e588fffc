import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useQuestions } from '../../api/alerts.ts';
import { nameOfPatient, usePatient } from '../../api/patients.ts';
import type { Question } from '../../api/types.ts';
import { QuestionAnswer } from '../../forms/question-answer.tsx';
import { momentAt, ownZone } from '../../time/zone.ts';
import { Card, Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { doubtNames } from '../../words/alerts.ts';
import { useMeasureName } from '../../words/use-measure-name.ts';

/** Readings of a doubtful owner, or that cannot be: they rang nobody, and somebody is to say what they are. */
export function Questions() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Questions about readings`}
      beside={
        <Link to="/alerts">
          <Trans>All alerts</Trans>
        </Link>
      }
    >
      <p className="text-quiet">
        <Trans>
          Something is wrong with these readings, so they rang nobody, and will not, whatever is answered: what is right
          is to be measured or sent anew.
        </Trans>
      </p>
      <Remote
        of={useQuestions()}
        label={t`questions`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is no question about a reading.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-3">
            {items.map((each) => (
              <li key={each.id}>
                <Line question={each} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
    </Page>
  );
}

function Line({ question }: { question: Question }) {
  const { i18n, t } = useLingui();
  const { patientId, code, doubt, count, lastAt } = question;
  const { data: patient } = usePatient(patientId);
  const whose = patient ? nameOfPatient(patient) : '…';
  const measure = useMeasureName()(code);
  const words = doubtNames[doubt];
  return (
    <Card className="grid gap-2">
      <p className="font-semibold">
        <Link to="/patients/$patientId/readings" params={{ patientId }} className="text-ink">
          {whose}
        </Link>
        {' · '}
        {measure}
      </p>
      <p>{words ? i18n._(words) : doubt}</p>
      <p className="text-sm text-quiet">
        <Plural value={count} one="# reading" other="# readings" />
        {', '}
        <Trans>the last at {momentAt(lastAt, ownZone(), i18n.locale)}</Trans>
      </p>
      <QuestionAnswer question={question} name={t`${measure} of ${whose}`} />
    </Card>
  );
}
