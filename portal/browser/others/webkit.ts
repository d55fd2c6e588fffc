import { globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../dev/src/ports.ts';
import { accepts, until } from '../../../dev/src/wait.ts';
import type { Driver, Look, Step } from './driver.ts';
import { asked } from './in-page.ts';
import { type Program, start } from './program.ts';

/** Its bars as small as can be: they would be wider than a telephone's screen. */
const gtkLook = '* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; }';

/**
 * WebKitGTK's own small browser, as near to Safari as Linux has it, on a screen that nobody sees; driven by WebDriver
 * (https://www.w3.org/TR/webdriver2/).
 * @param root the folder that has its programs below `usr`, as `bringArtifacts` brings it; `/` where they are installed
 */
export async function openWebKit(root: string, { language, size }: Look): Promise<Driver> {
  const home = mkdtempSync(join(tmpdir(), 'webkit-'));
  const programs: Program[] = [];
  const run = async (command: string, words: string[], env: Record<string, string>, tells: RegExp) => {
    const program = await start(...within(root, command, words), { env, tells });
    programs.push(program);
    return program.told;
  };
  const close = async () => {
    for (const program of programs.reverse()) await program.end();
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const screen = ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'];
    const display = await run('Xvfb', screen, {}, /^(\d+)$/);
    const port = await freePort();
    const env = { ...settle(home, language), DISPLAY: `:${display}` };
    // It says nothing when it is ready, so the shell in front of it speaks; then it is asked until it answers.
    const driver = ['-c', `echo begun; exec WebKitWebDriver --host=127.0.0.1 --port=${port}`];
    await run('sh', driver, env, /^(begun)$/);
    const base = `http://127.0.0.1:${port}/session`;
    await until(() => accepts(port), AbortSignal.timeout(60_000));
    const [browser] = globSync('usr/lib/*-linux-*/webkit2gtk-4.*/MiniBrowser', { cwd: root });
    const options = { binary: `/${browser}`, args: ['--automation'] };
    const capabilities = { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } };
    const { sessionId } = await command<{ sessionId: string }>('POST', base, { capabilities });
    const session = `${base}/${sessionId}`;
    await command('POST', `${session}/window/rect`, { x: 0, y: 0, ...size });
    const heard: string[] = [];
    return {
      goTo: (url) => command('POST', `${session}/url`, { url }),
      async ask(name, ...given) {
        const script = `return { heard: ${asked('heard', [])}, answer: ${asked(name, given)} };`;
        // biome-ignore lint/suspicious/noExplicitAny: what it is, the function says
        const told = await command<{ heard: string[]; answer: any }>('POST', `${session}/execute/sync`, {
          script,
          args: [],
        });
        heard.push(...told.heard);
        return told.answer;
      },
      act: (type: string, actions: Step[]) =>
        command('POST', `${session}/actions`, { actions: [{ type, id: type, actions }] }),
      complaints: async () => heard,
      async close() {
        // The browser is no child of what is ended here.
        await command('DELETE', session).finally(close);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The program where its packages' files stand below `/usr` as if they were installed: its paths are compiled in. It and what it
 * starts alone see them there, in a name space of their own that needs no root.
 */
function within(root: string, command: string, words: string[]): [string, string[]] {
  if (root === '/') return [command, words];
  const lay = 'mount -t overlay overlay -o "lowerdir=$0/usr:/usr" /usr && exec "$@"';
  return ['unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', lay, root, command, ...words]];
}

/** Everything that it reads of its user. */
function settle(home: string, language: string): Record<string, string> {
  const gtk = join(home, 'gtk-3.0');
  mkdirSync(gtk);
  writeFileSync(join(gtk, 'gtk.css'), gtkLook);
  writeFileSync(join(gtk, 'settings.ini'), '[Settings]\ngtk-enable-animations=0\n');
  // It takes its language from the locale, and machines seldom have one that is French: of this one the name alone counts.
  const locale = { en: 'en_GB.UTF-8', fr: 'fr_FR.UTF-8' }[language] as string;
  symlinkSync('/usr/lib/locale/C.utf8', join(home, locale));
  return {
    HOME: home,
    XDG_CONFIG_HOME: home,
    LOCPATH: home,
    LC_ALL: locale,
    TZ: 'Europe/Paris',
    NO_AT_BRIDGE: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    // Within the name space there is none to be had; it sees our own pages alone.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  };
}

/** @throws Error in the words of the driver when it refuses */
async function command<T = void>(method: string, url: string, body?: object): Promise<T> {
  const answer = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`${method} ${url}: ${value.error} ${value.message}`);
  return value;
}
