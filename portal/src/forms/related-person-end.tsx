import { Trans, useLingui } from '@lingui/react/macro';
import { endRelation, useFamilyChanged } from '../api/family.ts';
import { nameOfPatient } from '../api/patients.ts';
import type { RelatedPerson } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';

interface Props {
  relation: RelatedPerson;
  /** The one who acts gives it up, instead of being told that it has ended. */
  isGivenUp?: boolean;
}

/** Ends ten seconds later, unless that is undone, that somebody acts for another. */
export function RelatedPersonEnd({ relation, isGivenUp = false }: Props) {
  const { t } = useLingui();
  const changed = useFamilyChanged();
  const id = `related-person-end/${relation.id}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === id);
  const name = nameOfPatient(relation);
  const says = isGivenUp ? t`You will no longer act for ${name}.` : t`${name} will no longer act for the patient.`;
  return (
    <Button
      size="desk"
      look="danger"
      disabled={isEnding}
      aria-label={isGivenUp ? t`Give it up: ${name}` : t`End it: ${name}`}
      onClick={() =>
        doUnlessUndone(id, says, async () => {
          await endRelation(relation);
          await changed();
        })
      }
    >
      {isGivenUp ? <Trans>Give it up</Trans> : <Trans>End it</Trans>}
    </Button>
  );
}
