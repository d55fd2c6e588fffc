import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import { type NotificationService, startService } from './support.ts';

let service: NotificationService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

/** Two visits of somebody on one day, confirmed; from then on nobody hears what becomes of a message. */
async function begin(timeoutMs: number, leaseMs = 120_000) {
  const its = await startService({ sending: { leaseMs }, overrides: { providers: { timeoutMs } } });
  service = its;
  const claire = its.patient();
  const first = await its.visit(claire.id, '2026-12-08T08:30:00Z');
  const second = await its.visit(claire.id, '2026-12-08T14:00:00Z');
  await its.settled();
  its.email.tried.length = 0;
  its.email.answer = () => new Promise(() => {});
  const reminders = async () => {
    const lines = await Promise.all([first, second].map(({ visit }) => its.ledger(visit.id)));
    return lines.map((each) => each.find(({ step }) => step === 'P7D'));
  };
  return { its, first, second, reminders };
}
const due = '2026-12-01T09:00:00Z';

describe('one message of several visits', () => {
  it('whose process dies is found by the next, which then tells none of them again', async () => {
    const { its, first, second, reminders } = await begin(5_000, 400);
    its.email.find = async () => ({ state: 'sent', providerId: 'found' });
    its.clock.set(new Date(due));
    await until(() => its.email.tried.length === 1);
    await its.replica();
    await until(async () => (await reminders())[0]?.state === 'sent');
    expect(await reminders()).toMatchObject([
      { state: 'sent', provider: 'recording-email', provider_id: 'found', covers: [first.visit.id, second.visit.id] },
      { state: 'suppressed', reason: 'merged-with-another-visit', lease: null },
    ]);
    expect(its.email.tried).toHaveLength(1);
  });

  it('that may have left is sent again as one, and the ledger says that it may have left twice', async () => {
    const { its, first, second, reminders } = await begin(50);
    await its.at(due);
    expect(await reminders()).toMatchObject([
      { state: 'planned', is_begun: true, covers: [first.visit.id, second.visit.id], text_values: null },
      { state: 'planned', is_begun: false, covers: null },
    ]);
    its.email.answer = () => undefined;
    await its.at('2026-12-01T09:02:00Z');
    expect(await reminders()).toMatchObject([
      { state: 'sent', may_have_left_twice: true, covers: [first.visit.id, second.visit.id] },
      { state: 'suppressed', reason: 'merged-with-another-visit' },
    ]);
    expect(its.email.tried.map(({ decisionId }) => decisionId)).toEqual(Array(2).fill((await reminders())[0]?.id));
  });

  it('that may have left is marked so where only one of them still stands', async () => {
    const { its, first, reminders } = await begin(50);
    await its.at(due);
    its.email.answer = () => undefined;
    first.visit.status = 'cancelled';
    await its.at('2026-12-01T09:02:00Z');
    expect(await reminders()).toMatchObject([
      { state: 'suppressed', reason: 'superseded', covers: null },
      { state: 'sent', may_have_left_twice: true, covers: null },
    ]);
  });

  it('that surely did not leave is sent as if it had never begun', async () => {
    const { its, first, second, reminders } = await begin(50);
    its.email.find = async () => 'not-sent';
    await its.at(due);
    its.email.answer = () => undefined;
    await its.at('2026-12-01T09:02:00Z');
    expect(await reminders()).toMatchObject([
      { state: 'sent', may_have_left_twice: false, covers: [first.visit.id, second.visit.id] },
      { state: 'suppressed', reason: 'merged-with-another-visit' },
    ]);
  });
});
