import { type Browser, chromium } from 'playwright-core';
import { librariesBeside } from './libraries-beside.ts';

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
