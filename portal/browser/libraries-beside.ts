import { globSync } from 'node:fs';
import { dirname } from 'node:path';

/** Folders of libraries of what Debian's package was unpacked with, for `LD_LIBRARY_PATH`; none for a program that is installed. */
export function librariesBeside(program: string): string {
  const root = program.replace(/\/usr\/lib\/.*$/, '');
  if (root === program || root === '') return process.env.LD_LIBRARY_PATH ?? '';
  const folders = new Set(
    globSync('usr/lib/*-linux-*/**/*.so*', { cwd: root }).map((file) => `${root}/${dirname(file)}`),
  );
  return [...folders].join(':');
}
