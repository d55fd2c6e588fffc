import type { gatewayApi } from '@cabinet/contracts';
import { SignInNeeded } from '../session/oidc.ts';
import { openApi } from './client.ts';
import { Refused, Unreachable } from './problem.ts';

type PageFailure = gatewayApi.components['schemas']['PageFailure'];

/** One page tells no more of itself: what goes on failing is known by then. */
const reportsMax = 5;
const framesMax = 20;

/** After an upgrade an old tab asks for files that are no more. */
export const isOfOldTab = (error: unknown): boolean =>
  error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message);

/** Whether the practice answers at all; asked so that no copy in the browser does in its place. */
export const isReachable = (): Promise<boolean> =>
  fetch('/start.js', { method: 'HEAD', cache: 'no-store' }).then(
    () => true,
    () => false,
  );

/** What is told in its place, or is no fault of a page. */
const isExpected = (error: unknown): boolean =>
  [Refused, Unreachable, SignInNeeded].some((kind) => error instanceof kind) ||
  isOfOldTab(error) ||
  (error instanceof Error && error.name === 'AbortError');

/** Files of ours in a stack, as every browser writes one. Those of others, such as extensions, are not among them. */
function framesOf(stack: string): string[] {
  const found = [...stack.matchAll(/(https?:\/\/[^\s()@]+?):(\d+):(\d+)/g)];
  return found.flatMap(([, address = '', line, column]) => {
    const { origin, pathname } = new URL(address);
    const isOurs = origin === location.origin && /^\/(?:assets|src)\/[\w./-]{1,90}$/.test(pathname);
    return isOurs ? [`${pathname.slice(1)}:${line}:${column}`] : [];
  });
}

/** Edge and Chrome say of themselves that they are Safari, and Edge that it is Chrome. */
function browserOf(userAgent: string): PageFailure['browser'] {
  if (/\bEdg\//.test(userAgent)) return 'edge';
  if (/\bFirefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(?:e|ium)\//.test(userAgent)) return 'chrome';
  return /\bSafari\//.test(userAgent) ? 'safari' : 'other';
}

/** The file that shows pages, whose name tells its content. Others that run before it stand in front of it. */
const build = (): string =>
  /\/assets\/([\w-]{1,40})\.js$/.exec(
    [...document.querySelectorAll<HTMLScriptElement>('script[type=module]')].at(-1)?.src ?? '',
  )?.[1] ?? 'unbuilt';

/**
 * That a page failed, and where: nothing of who had it open, of what was on it, or of what the error says.
 * @param page its address with names in the place of ids, as the table of routes has it
 */
export function failureOf(error: unknown, page: string): PageFailure {
  const { name = '', stack = '' } = error instanceof Error ? error : {};
  return {
    page: page.length > 1 ? page.replace(/\/$/, '') : '/',
    error: /^[A-Z][A-Za-z]{0,39}$/.test(name) ? name : 'Error',
    frames: framesOf(stack).slice(0, framesMax),
    build: build(),
    browser: browserOf(navigator.userAgent),
  };
}

const reported = new Set<string>();

/**
 * Tells the practice, once, that a page has failed.
 * @returns false for what is no fault of a page
 */
export function reportFailure(error: unknown, page: string): boolean {
  if (isExpected(error)) return false;
  const body = failureOf(error, page);
  const text = JSON.stringify(body);
  if (reported.has(text) || reported.size >= reportsMax) return true;
  reported.add(text);
  // Where that fails as well there is nobody to be told; its user knows already.
  openApi.POST('/api/system/page-failures', { body, keepalive: true }).catch(() => undefined);
  return true;
}
