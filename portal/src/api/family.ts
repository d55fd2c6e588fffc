import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from './client.ts';
import type { RelatedPerson } from './types.ts';

const familyKey = (patientId: string) => ['family', patientId] as const;

/** Who acts for a patient. */
export const useRelatedPersons = (patientId: string) =>
  useQuery({
    queryKey: familyKey(patientId),
    queryFn: () => told(api.GET('/api/patients/{id}/related-persons', { params: { path: { id: patientId } } })),
  });

/** Ends at once that somebody acts for another. */
export const endRelation = ({ id, patientId }: RelatedPerson) =>
  told(
    api.DELETE('/api/patients/{id}/related-persons/{relatedPersonId}', {
      params: { path: { id: patientId, relatedPersonId: id } },
      keepalive: true,
    }),
  );

/** To be called when it was changed who acts for whom. */
export function useFamilyChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['family'] }),
      client.invalidateQueries({ queryKey: ['acts-for'] }),
    ]);
}
