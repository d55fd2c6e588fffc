import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts Chromium, without a window.
 * @param program as `bringArtifacts` brings it; libraries that the machine lacks lie beside it
 */
export function openChromium(program: string): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    // Root has no sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    args: quiet,
    env: { ...process.env, LD_LIBRARY_PATH: librariesBeside(program) } as Record<string, string>,
  });
}

/** Folders of libraries of what Debian's package was unpacked with; none for a Chromium that is installed. */
function librariesBeside(program: string): string {
  const root = program.replace(/\/usr\/lib\/chromium\/.*$/, '');
  if (root === program || root === '') return process.env.LD_LIBRARY_PATH ?? '';
  const folders = new Set(
    globSync('usr/lib/*-linux-*/**/*.so*', { cwd: root }).map((file) => `${root}/${dirname(file)}`),
  );
  return [...folders].join(':');
}
