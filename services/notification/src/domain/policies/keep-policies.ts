import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { InvalidInput } from '@cabinet/kit/errors';
import type { ExpectedVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import type { Policies } from '../ports.js';
import { type Plan, planNews, planReminders } from './plan.js';
import { type Policy, type PolicyVersion, policySchema } from './policy.js';

export interface PreviewOrder {
  appointmentTypeId: string;
  start: Date;
  /** When it would be booked; now when it is left out. */
  bookedAt?: Date;
  /** One that is not in force; left out: the one that is. */
  policy?: unknown;
}

const historyMax = 100;

export class KeepPolicies {
  /** @param changed called when another one is in force: what lies ahead is planned anew */
  constructor(
    private readonly policies: Policies,
    private readonly zone: string,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  current(): Promise<PolicyVersion> {
    return this.policies.current();
  }

  history(): Promise<PolicyVersion[]> {
    return this.policies.history(historyMax);
  }

  /** @throws 412, 428, InvalidInput (422) naming what cannot be */
  async set(given: unknown, expected: ExpectedVersion, actor: Principal): Promise<PolicyVersion> {
    if (wasStoredBefore()) return this.policies.current();
    const stored = await this.policies.set(readPolicy(given), expected, actor.id, this.clock.now());
    this.changed();
    return stored;
  }

  /** What an appointment would send when, to its patient. @throws InvalidInput (422) */
  async preview({ appointmentTypeId, start, bookedAt, policy: given }: PreviewOrder): Promise<Plan[]> {
    const policy = given === undefined ? (await this.policies.current()).policy : readPolicy(given, 'policy.');
    const since = bookedAt ?? this.clock.now();
    const visit = { appointmentTypeId, start, since, keptFromGuardians: false };
    const recipients = [{ recipientId: '', audience: 'self' as const }];
    const facts = { policy, zone: this.zone, recipients };
    const plans = [...planNews(visit, 'confirmation', facts), ...planReminders(visit, facts)];
    return plans.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }
}

/** @throws InvalidInput (422) */
export function readPolicy(given: unknown, under = ''): Policy {
  const read = policySchema.safeParse(given);
  if (!read.success) {
    throw new InvalidInput(
      read.error.issues.map(({ path, message }) => ({
        path:
          under +
          path
            .map((part, nth) => (typeof part === 'number' ? `[${part}]` : `${nth > 0 ? '.' : ''}${String(part)}`))
            .join(''),
        code: 'INVALID',
        message,
      })),
    );
  }
  const doubled = [read.data.reminders, ...read.data.byType.map(({ reminders }) => reminders)].find(
    (reminders) =>
      new Set(reminders.map(({ channel, daysBefore }) => `${channel} ${daysBefore}`)).size < reminders.length,
  );
  if (doubled) {
    const message = 'has two reminders by one channel on one day: only one would leave';
    throw new InvalidInput([{ path: `${under}reminders`, code: 'DOUBLED', message }]);
  }
  return read.data;
}
