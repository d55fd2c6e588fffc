import type { Request } from 'express';

const name = 'cabinet_refresh';

/** The refresh token that the browser holds, if any. */
export function readRefreshCookie(request: Request): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return undefined;
}

export interface CookieRules {
  /** In demonstration mode a browser may come over plain http, which drops `Secure` cookies. */
  allowPlainHttp: boolean;
}

/**
 * The `Set-Cookie` line that keeps the token where no script and no other site reaches it. `Secure` is left out only
 * in demonstration mode, and there only for a request that came over plain http.
 */
export function refreshCookie(request: Request, token: string, seconds: number, rules: CookieRules): string {
  const isSecure = !rules.allowPlainHttp || request.secure;
  return [
    `${name}=${token}`,
    'Path=/api/auth',
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure ? ['Secure'] : []),
  ].join('; ');
}

export const clearedRefreshCookie = (request: Request, rules: CookieRules): string =>
  refreshCookie(request, '', 0, rules);
