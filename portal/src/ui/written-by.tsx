import { Trans } from '@lingui/react/macro';
import { nameOfPractitioner, usePractitioner } from '../api/practitioners.ts';
import type { Author, MedicalRecord } from '../api/types.ts';

interface Props {
  author: Pick<Author, 'role' | 'practitionerId'>;
  /** Those whom the record names itself: they are asked for nowhere else. */
  names: MedicalRecord['practitioners'];
}

/** Who wrote something in a record. */
export function WrittenBy({ author: { role, practitionerId }, names }: Props) {
  const named = names.items?.find(({ id }) => id === practitionerId);
  const asked = usePractitioner(named ? undefined : practitionerId);
  const found = named ?? asked.data;
  if (found) return nameOfPractitioner(found);
  if (role === 'service') return <Trans>by itself, from the appointment</Trans>;
  if (practitionerId && asked.isPending) return '…';
  return <Trans>somebody whose name could not be read</Trans>;
}
