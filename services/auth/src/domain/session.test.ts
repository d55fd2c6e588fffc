import { describe, expect, it } from 'vitest';
import {
  cookieSeconds,
  judgeRefresh,
  parallelRefreshMs,
  type Session,
  sessionIdleMsMax,
  sessionMsMax,
} from './session.js';

const rotatedAt = new Date('2026-11-20T10:00:00Z');
const after = (ms: number) => new Date(rotatedAt.getTime() + ms);

const buildSession = (overrides: Partial<Session> = {}): Session => ({
  id: 'session',
  userId: 'user',
  generation: 5,
  createdAt: rotatedAt,
  factorShownAt: rotatedAt,
  enrolling: false,
  rotatedAt,
  endsAt: after(sessionMsMax),
  ...overrides,
});

describe('judging a refresh token', () => {
  it('rotates for the newest generation', () => {
    expect(judgeRefresh(buildSession(), 5, after(60_000))).toBe('rotate');
  });

  it('lets the slower of two parallel requests join, for a short while', () => {
    expect(judgeRefresh(buildSession(), 4, after(parallelRefreshMs))).toBe('join');
    expect(judgeRefresh(buildSession(), 4, after(parallelRefreshMs + 1))).toBe('reused');
  });

  it('takes an older generation for stolen at any time', () => {
    expect(judgeRefresh(buildSession(), 3, after(1))).toBe('reused');
  });

  it('has ended after revocation, after a long silence, and at its end', () => {
    expect(judgeRefresh(buildSession({ revokedAt: rotatedAt }), 5, after(1))).toBe('ended');
    expect(judgeRefresh(buildSession(), 5, after(sessionIdleMsMax + 1))).toBe('ended');
    expect(judgeRefresh(buildSession({ endsAt: after(100) }), 5, after(100))).toBe('ended');
  });

  it('waits for its user while the session is locked, unless that has ended', () => {
    expect(judgeRefresh(buildSession({ lockedAt: rotatedAt }), 5, after(1))).toBe('locked');
    expect(judgeRefresh(buildSession({ lockedAt: rotatedAt }), 5, after(sessionIdleMsMax + 1))).toBe('ended');
  });
});

describe('the life of the cookie', () => {
  it('is that of the session, which other tokens may keep awake', () => {
    expect(cookieSeconds(buildSession(), rotatedAt)).toBe(
      (buildSession().endsAt.getTime() - rotatedAt.getTime()) / 1_000,
    );
    expect(cookieSeconds(buildSession({ endsAt: after(90_000) }), rotatedAt)).toBe(90);
  });
});
