import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { handOver, useAlertChanged } from '../api/alerts.ts';
import { useIntent } from '../api/intent.ts';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import type { Alert } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Remote } from '../ui/remote.tsx';

const nothing = { to: '' };

/** Another practitioner is to answer for an alert: they are told at once. */
export function AlertHandOver({ alert, name }: { alert: Alert; name: string }) {
  const { t } = useLingui();
  const changed = useAlertChanged();
  const intent = useIntent();
  const { practitionerId } = usePerson();
  const practitioners = usePractitioners('');
  const draft = useDraft(`alert-hand-over/${alert.id}`, nothing);
  const [isOpen, setOpen] = useState(false);
  const { to } = draft.values;
  const handing = useMutation({
    mutationFn: () => intent([alert.id, to], (header) => handOver(alert.id, to, header)),
    onSuccess: (answered) => {
      draft.clear();
      changed(answered);
      setOpen(false);
    },
    onError: () => changed(undefined, alert.id),
  });
  const problemAt = useFieldProblems(handing.error);
  const close = () => {
    setOpen(false);
    handing.reset();
  };
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`Hand over: ${name}`}>
        <Trans>Hand over</Trans>
      </Button>
      {isOpen && (
        <Dialog title={t`Hand it over`} onClose={close}>
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              if (!handing.isPending) handing.mutate();
            }}
          >
            <p>
              <Trans>
                They are told at once, and answer for it from then on. Until they do, the later steps of the rule go on.
              </Trans>
            </p>
            <Remote
              of={practitioners}
              label={t`practitioners`}
              isNone={(all) => all.every(({ id }) => id === practitionerId)}
              none={<Trans>There is nobody else.</Trans>}
            >
              {(all) => (
                <ChoiceField
                  data-first
                  label={t`To whom?`}
                  required
                  value={to}
                  problem={problemAt('practitionerId')}
                  onChange={(event) => draft.set({ to: event.target.value })}
                >
                  <option value="">{t`Choose`}</option>
                  {all
                    .filter(({ id, active }) => active && id !== practitionerId)
                    .map((each) => (
                      <option key={each.id} value={each.id}>
                        {nameOfPractitioner(each)}
                      </option>
                    ))}
                </ChoiceField>
              )}
            </Remote>
            {handing.error && <Failure error={handing.error} />}
            <div>
              <Button type="submit" look="main" isBusy={handing.isPending}>
                <Trans>Hand it over</Trans>
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
