import pg from 'pg';

/** As whom new connections sign in, which may change while those that are open go on. */
export interface Login {
  /** The address of the database as it is now; of it user and password are taken. */
  url(): string;
  /** The server let nobody in by those of this address. */
  refused(url: string): void;
}

/** Longest try of a login, in milliseconds. */
const tryMsMax = 5_000;

/** The address with user and password of another; a database that has moved is for a restart. */
export function signedInBy(address: string, login: string): string {
  const [url, { username, password }] = [new URL(address), new URL(login)];
  return Object.assign(url, { username, password }).href;
}

/** Class 28 of the standard: no such user, another password, or no right to sign in. */
export const isRefusal = (error: unknown): boolean => codeOf(error).startsWith('28');

/**
 * Signs in once to the database at `address`, by user and password of `login`.
 * @throws Error in a sentence that has nothing of either in it: that the login is malformed, is refused, or that the database is away
 */
export async function assertLetsIn(address: string, login: string): Promise<void> {
  const given = URL.parse(login);
  if (!given || !/^postgres(ql)?:$/.test(given.protocol)) throw new Error('DATABASE_URL: is no address of PostgreSQL');
  if (!given.username || !given.password) throw new Error('DATABASE_URL: has no user, or no password');
  const client = new pg.Client({
    connectionString: signedInBy(address, login),
    connectionTimeoutMillis: tryMsMax,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const why = isRefusal(error) ? 'lets nobody in to the database' : 'cannot be tried, the database is away';
    throw new Error(`DATABASE_URL: ${why} (${codeOf(error)})`);
  } finally {
    await client.end().catch(() => {});
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '');
