import { Trans, useLingui } from '@lingui/react/macro';
import { useMemo, useState } from 'react';
import { nameOfPatient } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { LongTextField } from '../ui/field.tsx';

/** The letter by which a patient asks the practice to erase their data: the practice erases, for that cannot be undone. */
export function ErasureAsk({ patient }: { patient: Patient }) {
  const { i18n, t } = useLingui();
  const [isCopied, setCopied] = useState(false);
  const name = nameOfPatient(patient);
  const born = dateInWords(patient.birthDate, i18n.locale);
  const number = patient.id;
  const letter = t`I, ${name}, born on ${born}, ask you to erase the personal data that you keep of me (GDPR, article 17). My number in your system is ${number}. Please give me the receipt of what was erased, and of what is kept, by which rule and until when.`;
  const nothing = useMemo(() => ({ letter }), [letter]);
  const draft = useDraft(`erasure-ask/${patient.id}`, nothing);
  return (
    <form className="grid gap-3" onSubmit={(event) => event.preventDefault()}>
      <LongTextField
        rows={7}
        label={t`Your letter to the practice`}
        hint={t`Change it as you like. It is sent to nobody from here: print it, or copy it into a message to the practice.`}
        maxLength={2_000}
        value={draft.values.letter}
        onChange={(event) => draft.set({ letter: event.target.value })}
      />
      <div className="unprinted flex flex-wrap items-center gap-3">
        <Button onClick={() => print()}>
          <Trans>Print</Trans>
        </Button>
        <Button
          onClick={() =>
            navigator.clipboard.writeText(draft.values.letter).then(
              () => setCopied(true),
              () => setCopied(false),
            )
          }
        >
          <Trans>Copy</Trans>
        </Button>
        <span role="status" className="text-sm">
          {isCopied && t`Copied`}
        </span>
      </div>
    </form>
  );
}
