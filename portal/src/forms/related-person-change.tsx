import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, ifMatch, told } from '../api/client.ts';
import { useFamilyChanged } from '../api/family.ts';
import { nameOfPatient } from '../api/patients.ts';
import type { RelatedPerson, Section } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { now } from '../time/server-clock.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { sectionNames } from '../words/family.ts';

/** What a guardian saw until the minor was old enough that it is their own. */
export const endedFor = ({ ends = [] }: RelatedPerson, at = now()): Section[] =>
  ends.filter((end) => Date.parse(end.at) <= at).map(({ section }) => section);

/** Says in what a carer acts; or what of their own a minor shows to a guardian all the same. */
export function RelatedPersonChange({ relation }: { relation: RelatedPerson }) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const name = nameOfPatient(relation);
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`Change: ${name}`}>
        <Trans>Change</Trans>
      </Button>
      {isOpen && <Change relation={relation} onClose={() => setOpen(false)} />}
    </>
  );
}

function Change({ relation, onClose }: { relation: RelatedPerson; onClose: () => void }) {
  const { i18n, t } = useLingui();
  const changed = useFamilyChanged();
  const isCarer = relation.relationship === 'carer';
  const options = isCarer ? (Object.keys(sectionNames) as Section[]) : endedFor(relation);
  const stored = useMemo(
    () => ({ sections: isCarer ? relation.sections : (relation.opened ?? []) }),
    [isCarer, relation],
  );
  const draft = useDraft(`related-person-change/${relation.id}`, stored);
  const { sections } = draft.values;
  const saving = useMutation({
    mutationFn: () =>
      told(
        api.PATCH('/api/patients/{id}/related-persons/{relatedPersonId}', {
          params: {
            path: { id: relation.patientId, relatedPersonId: relation.id },
            header: ifMatch(relation),
          },
          body: isCarer ? { sections } : { opened: sections },
        }),
      ),
    onSuccess: () => {
      draft.clear();
      onClose();
    },
    onSettled: changed,
  });
  const name = nameOfPatient(relation);
  return (
    <Dialog title={isCarer ? t`In what does ${name} act?` : t`What may ${name} see?`} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!saving.isPending) saving.mutate();
        }}
      >
        <Choices
          legend={isCarer ? <Trans>In these</Trans> : <Trans>Of what is the patient’s own by now</Trans>}
          options={options.map((value) => ({ value, label: i18n._(sectionNames[value]) }))}
          chosen={sections}
          onChange={(chosen) => draft.set({ sections: chosen })}
        />
        {saving.error && <Failure error={saving.error} />}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" isBusy={saving.isPending} disabled={isCarer && sections.length === 0}>
            <Trans>Save</Trans>
          </Button>
          <Button onClick={onClose}>
            <Trans>Leave it as it is</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
