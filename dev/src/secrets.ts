import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Home, writeWhole } from './home.ts';

/** A secret of this platform: made the first time it is asked for, kept in a file that only its owner reads. */
export function secret(home: Home, name: string): string {
  const file = home.secret(name);
  try {
    // Editors end a file with a line break, which is no part of a secret: of two it would make another older key.
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const value = randomBytes(32).toString('base64url');
  writeWhole(file, value, 0o600);
  return value;
}

/** What a process proves to the registry with that it is itself. */
export const registryTokenName = (process: string): string => `${process}-registry-token`;

/** The variable in which the registry is told the token of a process. */
export const processTokenVariable = (process: string): string => `PROCESS_TOKEN_${process.toUpperCase()}`;
