import type { Controller } from '@tsoa/runtime';
import type { Request } from 'express';
import type { TokenPair } from '../domain/keep-sessions.js';
import type { KnownFrom } from '../domain/sign-in.js';
import { type CookieRules, deviceCookie, refreshCookie } from './cookies.js';
import { type TokenResponse, toTokenResponse } from './session.dto.js';

export interface SessionRules extends CookieRules {
  /** Origins whose pages may call the API from elsewhere. */
  origins: readonly string[];
}

/** How long a device is known without a sign-in. */
const deviceSeconds = 180 * 24 * 3_600;

/** What a sign-in is told of the browser it comes from. */
export const whereFrom = (request: Request) => ({
  address: request.ip ?? 'unknown',
  device: deviceCookie.read(request),
  userAgent: request.get('user-agent'),
  before: refreshCookie.read(request),
});

/** The answer to a sign-in, with the cookies of the session and of the device. */
export function answerSignIn(
  controller: Controller,
  request: Request,
  rules: CookieRules,
  signedIn: TokenPair & KnownFrom,
): TokenResponse {
  const device = deviceCookie.line(request, { value: signedIn.device, seconds: deviceSeconds }, rules);
  return answerTokens(controller, request, rules, signedIn, [device]);
}

export function answerTokens(
  controller: Controller,
  request: Request,
  rules: CookieRules,
  signedIn: TokenPair,
  more: string[] = [],
): TokenResponse {
  const kept = { value: signedIn.refreshToken, seconds: signedIn.refreshSeconds };
  controller.setHeader('Set-Cookie', [refreshCookie.line(request, kept, rules), ...more]);
  controller.setHeader('Cache-Control', 'no-store');
  return toTokenResponse(signedIn);
}
