import { useQuery } from '@tanstack/react-query';
import { api, told } from './client.ts';
import type { Practitioner } from './types.ts';

/** Minutes for which the directory is taken as it was; it changes a few times a year. */
const keptMinutes = 10;

/** Those of whom something fits: their name, or a speciality. Left empty, all. In order of name. */
export const usePractitioners = (words: string) =>
  useQuery({
    queryKey: ['practitioners', words],
    staleTime: keptMinutes * 60_000,
    queryFn: async () => {
      const found = await Promise.all(
        (words === '' ? [{}] : [{ q: words }, { speciality: words }]).map((query) =>
          told(api.GET('/api/practitioners', { params: { query: { ...query, limit: 200 } } })),
        ),
      );
      const byId = new Map(found.flatMap(({ items }) => items).map((each) => [each.id, each]));
      return [...byId.values()].sort((a, b) => a.familyName.localeCompare(b.familyName));
    },
  });

export const usePractitioner = (id: string | undefined) =>
  useQuery({
    queryKey: ['practitioner', id],
    enabled: id !== undefined,
    staleTime: keptMinutes * 60_000,
    queryFn: () => told(api.GET('/api/practitioners/{id}', { params: { path: { id: id as string } } })),
  });

export const nameOfPractitioner = ({
  givenNames,
  familyName,
}: Pick<Practitioner, 'givenNames' | 'familyName'>): string => `${givenNames[0] ?? ''} ${familyName}`.trim();
