import type { Request } from 'express';

export interface CookieRules {
  /** In demonstration mode a browser may come over plain http, which drops `Secure` cookies. */
  allowPlainHttp: boolean;
}

interface Kept {
  value: string;
  /** How long the browser keeps it. */
  seconds: number;
}

/**
 * A cookie that no script and no other site reaches. Its name has the prefix that browsers take from secure answers only, and
 * its value `Secure`; both are left out only in demonstration mode, and there only for a request that came over plain http.
 */
export class StrictCookie {
  constructor(
    private readonly name: string,
    private readonly path: string,
  ) {}

  /** What the browser sent; nothing when it sent several, of which one was put there by somebody else. */
  read(request: Request): string | undefined {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=', 2));
    const valuesOf = (name: string) => pairs.flatMap(([key, value]) => (key === name && value ? [value] : []));
    const secure = valuesOf(`__Secure-${this.name}`);
    const values = request.secure || secure.length > 0 ? secure : valuesOf(this.name);
    return values.length === 1 ? values[0] : undefined;
  }

  /** The `Set-Cookie` line. */
  line(request: Request, { value, seconds }: Kept, { allowPlainHttp }: CookieRules): string {
    const isSecure = !allowPlainHttp || request.secure;
    return [
      `${isSecure ? '__Secure-' : ''}${this.name}=${value}`,
      `Path=${this.path}`,
      `Max-Age=${seconds}`,
      'HttpOnly',
      'SameSite=Strict',
      ...(isSecure ? ['Secure'] : []),
    ].join('; ');
  }

  cleared(request: Request, rules: CookieRules): string {
    return this.line(request, { value: '', seconds: 0 }, rules);
  }
}

/** What the next access token is had with. */
export const refreshCookie = new StrictCookie('cabinet_refresh', '/api/auth');

/** Who has signed in from this browser before; see domain/lockout.ts. */
export const deviceCookie = new StrictCookie('cabinet_device', '/api/auth/login');
