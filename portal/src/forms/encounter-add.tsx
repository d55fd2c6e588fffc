import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { addEncounter } from '../api/record-entries.ts';
import { EncounterFields, encounterLacks, encounterNow, encounterOf, encounterPlaces } from './encounter-fields.tsx';
import { EntryAdd } from './entry-add.tsx';

interface Props {
  patientId: string;
  /** Of the practice. */
  zone: string;
  onDone: () => void;
  onClose: () => void;
}

export const encounterAddDraft = (patientId: string): string => `encounter-add/${patientId}`;

/** Records an encounter of the practitioner who is signed in, for which there was no appointment. */
export function EncounterAdd({ zone, ...props }: Props) {
  const { t } = useLingui();
  const [nothing] = useState(() => encounterNow(zone));
  return (
    <EntryAdd
      {...props}
      title={t`Record an encounter`}
      form={encounterAddDraft(props.patientId)}
      nothing={nothing}
      places={encounterPlaces}
      lacksOf={encounterLacks}
      Fields={EncounterFields}
      add={(values, header) => addEncounter(props.patientId, encounterOf(values, zone), header)}
    />
  );
}
