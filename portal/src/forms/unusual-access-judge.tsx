import { useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from '../api/client.ts';
import type { UnusualAccess } from '../api/types.ts';
import { AccessJudge } from './access-judge.tsx';

export const unusualAccessesKey = ['unusual-accesses'] as const;

/** Says whether it was for their work that somebody looked: of what was found until it was read. */
export function UnusualAccessJudge({ access }: { access: UnusualAccess }) {
  const client = useQueryClient();
  const readAgain = () => client.invalidateQueries({ queryKey: unusualAccessesKey });
  return (
    <AccessJudge
      draft={`unusual-access-judge/${access.id}`}
      send={(body) =>
        told(
          api.POST('/api/patients/unusual-accesses/{accessId}/verdict', {
            body,
            params: { path: { accessId: access.id }, header: ifMatch(access) },
          }),
        ).catch((error: unknown) => {
          // More may have been found since.
          void readAgain();
          throw error;
        })
      }
      onJudged={readAgain}
    />
  );
}
