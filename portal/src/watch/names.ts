import { useLingui } from '@lingui/react/macro';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import { usePerson } from '../session/use-session.ts';

/** What practitioners are called; of one who is not known as much of the id as tells them from others. */
export function useWatcherName(): (practitionerId: string) => string {
  const { t } = useLingui();
  const { practitionerId: own } = usePerson();
  const { data: all = [] } = usePractitioners('');
  return (id) => {
    const found = all.find((each) => each.id === id);
    const name = found ? nameOfPractitioner(found) : id.slice(0, 8);
    return id === own ? t`${name} (you)` : name;
  };
}
