import { useQueryClient } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import type { EmergencyAccess } from '../api/types.ts';
import { AccessJudge } from './access-judge.tsx';

/** Says whether it was justified that a record was opened, and why. */
export function EmergencyJudge({ access }: { access: EmergencyAccess }) {
  const client = useQueryClient();
  const intent = useIntent();
  const path = { patientId: access.patientId, accessId: access.id };
  return (
    <AccessJudge
      draft={`emergency-judge/${access.id}`}
      send={(body) =>
        intent({ ...path, ...body }, (header) =>
          told(
            api.POST('/api/records/{patientId}/emergency-accesses/{accessId}/verdict', {
              body,
              params: { path, header },
            }),
          ),
        )
      }
      onJudged={() => client.invalidateQueries({ queryKey: ['emergencies'] })}
    />
  );
}
