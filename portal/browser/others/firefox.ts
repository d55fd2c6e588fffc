import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { librariesBeside } from '../libraries-beside.ts';
import type { Driver, Look, Step } from './driver.ts';
import { asked } from './in-page.ts';
import { start } from './program.ts';

/** What BiDi tells without being asked, as far as it is looked at. */
interface Happening {
  method?: string;
  params?: {
    level?: string;
    text?: string;
    errorText?: string;
    request?: { url: string };
    response?: { url: string; status: number };
  };
}

/** Of a request that its page no longer waits for: it was left, or took it back. */
const takenBack = 'NS_BINDING_ABORTED';

/**
 * Firefox without a window, driven by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/), which it speaks itself.
 * @param program as `bringArtifacts` brings it
 */
export async function openFirefox(program: string, { language, size }: Look): Promise<Driver> {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  const settings = {
    'intl.accept_languages': language,
    'ui.prefersReducedMotion': 1,
    'datareporting.policy.dataSubmissionEnabled': false,
  };
  const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const words = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const env = { HOME: profile, TZ: 'Europe/Paris', LD_LIBRARY_PATH: librariesBeside(program) };
  const { told, end } = await start(program, words, { env, tells: /WebDriver BiDi listening on (ws:\S+)/ });
  const close = async () => {
    await end();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const complaints: string[] = [];
    const command = await speak(`${told}/session`, (happening) => complaints.push(...complaintOf(happening)));
    await command('session.new', { capabilities: {} });
    await command('session.subscribe', {
      events: ['log.entryAdded', 'network.fetchError', 'network.responseCompleted'],
    });
    const { contexts } = await command<{ contexts: [{ context: string }] }>('browsingContext.getTree', {});
    const { context } = contexts[0];
    // Keys do nothing of themselves, such as press a button, in a window that is not the one in use.
    await command('browsingContext.activate', { context });
    await command('browsingContext.setViewport', { context, viewport: size });
    return {
      async goTo(url) {
        const go = () => command('browsingContext.navigate', { context, url, wait: 'complete' });
        // It gives up when the page itself goes elsewhere at that moment.
        await go().catch((error: Error) => (error.message.includes(takenBack) ? go() : Promise.reject(error)));
      },
      async ask(name, ...given) {
        const expression = `JSON.stringify(${asked(name, given)} ?? null)`;
        const answer = await command<{ result?: { value: string }; exceptionDetails?: { text: string } }>(
          'script.evaluate',
          { target: { context }, expression, awaitPromise: true },
        );
        if (!answer.result) throw new Error(`${name}: ${answer.exceptionDetails?.text}`);
        return JSON.parse(answer.result.value);
      },
      act: (type: string, actions: Step[]) =>
        command('input.performActions', { context, actions: [{ type, id: type, actions }] }),
      complaints: async () => complaints,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function complaintOf({ method, params = {} }: Happening): string[] {
  const { level, text, errorText, request, response } = params;
  if (method === 'log.entryAdded' && level === 'error') return [String(text)];
  if (method === 'network.fetchError' && errorText !== takenBack) return [`${errorText} ${request?.url}`];
  if (method === 'network.responseCompleted' && response && response.status >= 400)
    return [`${response.status} ${response.url}`];
  return [];
}

type Command = <T = void>(method: string, params: object) => Promise<T>;

/** @throws Error in each command that is refused, or that the browser did not answer before it ended */
async function speak(url: string, hear: (happening: Happening) => void): Promise<Command> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error(`Firefox does not answer at ${url}`)));
  });
  type Answer = Happening & { id?: number; error?: string; message?: string; result?: unknown };
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const message: Answer = JSON.parse(data);
    if (message.id === undefined) return hear(message);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  socket.addEventListener('close', () => {
    for (const answer of waiting.values()) answer({ error: 'Firefox has ended' });
  });
  let id = 0;
  return async (method, params) => {
    const answered = new Promise<Answer>((resolve) => waiting.set(++id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { error, message, result } = await answered;
    if (error) throw new Error(`${method}: ${error} ${message ?? ''}`);
    // biome-ignore lint/suspicious/noExplicitAny: what it is, the command says
    return result as any;
  };
}
