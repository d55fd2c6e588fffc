import { queryOptions, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { Practitioner, PractitionerPatch, PractitionerRequest } from './types.ts';

const practitionersKey = ['practitioners'] as const;
const practitionerKey = (id: string | undefined) => ['practitioner', id] as const;

/** Minutes for which the directory is taken as it was; it changes a few times a year. */
const keptMinutes = 10;

/** Those of whom something fits: their name, or a speciality. Left empty, all. In order of name. */
export const usePractitioners = (words: string) => useQuery(practitionersOf(words));

export const practitionersOf = (words: string) =>
  queryOptions({
    queryKey: [...practitionersKey, words],
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
    queryKey: practitionerKey(id),
    enabled: id !== undefined,
    staleTime: keptMinutes * 60_000,
    queryFn: () => told(api.GET('/api/practitioners/{id}', { params: { path: { id: id as string } } })),
  });

/** By whose clock the practice counts its days: that of its first place; where it has none, the reader's. */
export const usePracticeZone = () => useQuery({ ...practitionersOf(''), select: zoneOfPractice });

const zoneOfPractice = (all: readonly Practitioner[]): string =>
  all[0]?.places[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

export const nameOfPractitioner = ({
  givenNames,
  familyName,
}: Pick<Practitioner, 'givenNames' | 'familyName'>): string => `${givenNames[0] ?? ''} ${familyName}`.trim();

/** By whose clock their times are said: that of where they practise first. */
export const zoneOf = ({ places }: Pick<Practitioner, 'places'>): string => places[0]?.zone ?? 'UTC';

/** A page of the directory after the other: those who receive, or those who no longer do. In order of name. */
export const useDirectory = (words: string, active: boolean) =>
  useInfiniteQuery({
    queryKey: [...practitionersKey, 'directory', words, active],
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(
        api.GET('/api/practitioners', {
          params: { query: { ...(words && { q: words }), active, limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

interface Registration {
  body: PractitionerRequest;
  /** Somebody has compared them with those of the same name. */
  acceptDuplicate: boolean;
}

/** @throws Refused 409 with `possibleDuplicates`, or `practitionerId` for an RPPS number that is taken */
export const registerPractitioner = (
  { body, acceptDuplicate }: Registration,
  header: { 'Idempotency-Key': string },
): Promise<Practitioner> =>
  told(api.POST('/api/practitioners', { body, params: { query: { acceptDuplicate }, header } }));

/** Changes what is named; the rest stays. @throws Refused 412 when somebody has changed any of it since */
export const changePractitioner = (practitioner: Practitioner, body: PractitionerPatch): Promise<Practitioner> =>
  told(
    api.PATCH('/api/practitioners/{id}', {
      params: { path: { id: practitioner.id }, header: ifMatch(practitioner) },
      body,
    }),
  );

/** Takes them out of use: nothing new is booked with them. */
export const endPractitioner = (
  practitioner: Practitioner,
  reason: Practitioner['inactiveReason'],
): Promise<Practitioner> =>
  told(
    api.DELETE('/api/practitioners/{id}', {
      params: { path: { id: practitioner.id }, header: ifMatch(practitioner), query: { reason } },
    }),
  );

/** After a change: whatever shows practitioners asks again. */
export function usePractitionerChanged(): (practitioner: Practitioner | undefined, id?: string) => void {
  const client = useQueryClient();
  return (practitioner, id = practitioner?.id) => {
    if (practitioner) client.setQueryData(practitionerKey(practitioner.id), practitioner);
    else void client.invalidateQueries({ queryKey: practitionerKey(id) });
    void client.invalidateQueries({ queryKey: practitionersKey });
  };
}
