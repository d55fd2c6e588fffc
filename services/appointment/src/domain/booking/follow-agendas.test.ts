import type { Principal } from '@cabinet/kit/access/principal';
import { systemClock } from '@cabinet/kit/clock';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgendaChanges } from './agenda-changes.js';
import { FollowAgendas } from './follow-agendas.js';

const quiet: AgendaChanges = {
  bounds: async () => ({ settled: 0, taken: 0 }),
  since: async () => [],
  changedSince: async () => undefined,
  forgetOld: async () => undefined,
};

describe('following agendas', () => {
  it('ends with its process, and begins no more there: whoever comes back is sent elsewhere', async () => {
    const agendas = new FollowAgendas(quiet, () => undefined, systemClock);
    onTestFinished(() => agendas.stop());
    const desk: Principal = { id: 'desk', roles: ['secretary'] };
    // Of nobody: who may is asked of the table, which knows no request here.
    const follower = await agendas.follow([], undefined, desk);
    agendas.endAll();
    expect(follower.isEnded).toBe(true);
    await expect(agendas.follow([], undefined, desk)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'AGENDA.STOPPING',
      retryAfterSeconds: 1,
    });
  });
});
