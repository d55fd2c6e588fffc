import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import { recordKey } from '../api/records.ts';
import type { EmergencyAccess } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, LongTextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { emergencyReasons } from '../words/emergency-reasons.ts';

type Reason = EmergencyAccess['reasonCode'];

const nothing = { reasonCode: 'life-threatening' as Reason, words: '' };
const wordsMin = 10;

/** Opens one record for two hours to a practitioner whom nothing else lets in. */
export function EmergencyOpen({ patientId }: { patientId: string }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const intent = useIntent();
  const { values, set, clear } = useDraft(`emergency-open/${patientId}`, nothing);
  const opening = useMutation({
    mutationFn: () => {
      const path = { patientId };
      return intent({ ...path, ...values }, (header) =>
        told(api.POST('/api/records/{patientId}/emergency-access', { body: values, params: { path, header } })),
      );
    },
    onSuccess: () => {
      clear();
      void client.resetQueries({ queryKey: recordKey(patientId) });
    },
  });
  return (
    <>
      <Notice look="warn" title={t`You do not treat this patient`}>
        <p>
          <Trans>The record opens by a visit with you, or when the patient gives you access.</Trans>
        </p>
      </Notice>
      <form
        className="grid gap-4 rounded-card border border-bad p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!opening.isPending) opening.mutate();
        }}
      >
        <h2>
          <Trans>In an emergency</Trans>
        </h2>
        <p>
          <Trans>You may open it for two hours. The patient is told, and a reviewer reads why.</Trans>
        </p>
        <ChoiceField
          label={t`What kind of emergency`}
          value={values.reasonCode}
          onChange={(event) => set({ reasonCode: event.target.value as Reason })}
        >
          {Object.entries(emergencyReasons).map(([code, words]) => (
            <option key={code} value={code}>
              {i18n._(words)}
            </option>
          ))}
        </ChoiceField>
        <LongTextField
          label={t`Why, of this patient`}
          hint={t`${wordsMin} characters at least`}
          minLength={wordsMin}
          maxLength={500}
          required
          value={values.words}
          onChange={(event) => set({ words: event.target.value })}
        />
        {opening.error && <Failure error={opening.error} />}
        <div>
          <Button type="submit" look="danger" isBusy={opening.isPending}>
            <Trans>Open the record</Trans>
          </Button>
        </div>
      </form>
    </>
  );
}
