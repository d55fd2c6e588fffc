import type { EntityManager } from '@cabinet/postgres/orm';

/** Notes what is good once. @returns false when it has been used before */
export async function useOnce(em: EntityManager, challenge: string, until: Date): Promise<boolean> {
  const first = await em.execute<unknown[]>(
    'insert into used_challenge (challenge, expires_at) values (?, ?) on conflict do nothing returning challenge',
    [challenge, until],
  );
  return first.length > 0;
}
