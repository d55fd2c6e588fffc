import { useQueryClient } from '@tanstack/react-query';
import { patientKey, usePatient } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';

const nothing = { words: '', patientId: '', reason: '', why: '' };

/**
 * Who is on the telephone, or at the desk: what was typed to find them, and who was chosen. There is one at a time, wherever in the
 * agendas a time is then taken for them; it is kept until they have one.
 */
export function useCaller() {
  const client = useQueryClient();
  const draft = useDraft('appointment-book-by-staff', nothing);
  const { patientId } = draft.values;
  const { data: patient } = usePatient(patientId, patientId !== '');
  return {
    ...draft,
    patient,
    choose: (chosen: Patient) => {
      client.setQueryData(patientKey(chosen.id), chosen);
      draft.set({ patientId: chosen.id });
    },
    forget: () => draft.set({ patientId: '' }),
  };
}

export type Caller = ReturnType<typeof useCaller>;
