import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useIntent } from '../api/intent.ts';
import {
  nameOfPractitioner,
  registerPractitioner,
  usePractitioner,
  usePractitionerChanged,
} from '../api/practitioners.ts';
import { problemOf } from '../api/problem.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { PractitionerDetails } from './practitioner-details.tsx';
import { isFit, nothing, type PractitionerDraft, requestOf } from './practitioner-draft.ts';

/** Adds a practitioner to the directory, after a look at who of the same name is in it. */
export function PractitionerRegister() {
  const { t } = useLingui();
  const go = useNavigate();
  const intent = useIntent();
  const changed = usePractitionerChanged();
  const { values, set, clear, isDirty } = useDraft<PractitionerDraft>('practitioner-register', nothing);
  useLeaveQuestion(isDirty);
  const [isTried, setTried] = useState(false);
  const adding = useMutation({
    mutationFn: (acceptDuplicate: boolean) => {
      const wanted = { body: requestOf(values), acceptDuplicate };
      return intent(wanted, (header) => registerPractitioner(wanted, header));
    },
    onSuccess: (practitioner) => {
      clear();
      changed(practitioner);
    },
  });
  const add = (acceptDuplicate: boolean) => {
    setTried(true);
    if (!isFit(values) || adding.isPending) return;
    adding.mutate(acceptDuplicate, {
      onSuccess: ({ id }) => go({ to: '/practitioners/$practitionerId', params: { practitionerId: id } }),
    });
  };
  const problem = problemOf(adding.error);
  const alike = problem?.possibleDuplicates as string[] | undefined;
  const holder = problem?.practitionerId as string | undefined;
  return (
    <form
      className="grid gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // The same as before, when nothing was typed since: what got no answer is sent again as it was.
        add(adding.variables ?? false);
      }}
    >
      <PractitionerDetails
        draft={values}
        onChange={(change) => {
          set(change);
          adding.reset();
        }}
        isTried={isTried}
        error={adding.error}
      />
      {alike ? (
        <Notice look="warn" role="alert" title={t`Are they here already?`}>
          <ul className="list-disc pl-5">
            {alike.map((id) => (
              <li key={id}>
                <Known practitionerId={id} />
              </li>
            ))}
          </ul>
          <div>
            <Button size="desk" isBusy={adding.isPending} onClick={() => add(true)}>
              <Trans>They are somebody else: add them</Trans>
            </Button>
          </div>
        </Notice>
      ) : (
        adding.error && <Failure error={adding.error} isSaidAtFields />
      )}
      {holder && <Known practitionerId={holder} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" isBusy={adding.isPending}>
          <Trans>Add them</Trans>
        </Button>
        {isDirty && (
          <Button look="quiet" onClick={clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}

/** Somebody who is in the directory. */
function Known({ practitionerId }: { practitionerId: string }) {
  const { t } = useLingui();
  const { data } = usePractitioner(practitionerId);
  return (
    <Link to="/practitioners/$practitionerId" params={{ practitionerId }}>
      {data
        ? [nameOfPractitioner(data), data.rpps, ...data.specialities.map(({ display }) => display)]
            .filter(Boolean)
            .join(', ')
        : t`Look at them`}
    </Link>
  );
}
