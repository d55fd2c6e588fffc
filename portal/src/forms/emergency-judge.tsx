import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import type { EmergencyAccess } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';

type Finding = 'justified' | 'not-justified';

const nothing = { words: '' };
const wordsMin = 10;

/** Says whether it was justified that a record was opened, and why. */
export function EmergencyJudge({ access }: { access: EmergencyAccess }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const intent = useIntent();
  const { values, set, clear } = useDraft(`emergency-judge/${access.id}`, nothing);
  const judging = useMutation({
    mutationFn: (finding: Finding) => {
      const body = { finding, words: values.words.trim() };
      const path = { patientId: access.patientId, accessId: access.id };
      return intent({ ...path, ...body }, (header) =>
        told(
          api.POST('/api/records/{patientId}/emergency-accesses/{accessId}/verdict', {
            body,
            params: { path, header },
          }),
        ),
      );
    },
    onSuccess: () => {
      clear();
      void client.invalidateQueries({ queryKey: ['emergencies'] });
    },
  });
  const isShort = values.words.trim().length < wordsMin;
  return (
    <div className="grid gap-3">
      <TextField
        label={t`What you found`}
        hint={t`${wordsMin} characters at least`}
        value={values.words}
        maxLength={500}
        onChange={(event) => set({ words: event.target.value })}
      />
      {judging.error && <Failure error={judging.error} />}
      <div className="flex flex-wrap gap-2">
        <Button size="desk" disabled={isShort} isBusy={judging.isPending} onClick={() => judging.mutate('justified')}>
          <Trans>It was justified</Trans>
        </Button>
        <Button
          size="desk"
          look="danger"
          disabled={isShort}
          isBusy={judging.isPending}
          onClick={() => judging.mutate('not-justified')}
        >
          <Trans>It was not justified</Trans>
        </Button>
      </div>
    </div>
  );
}
