import { expect, inject, it, onTestFinished } from 'vitest';
import { usualSending } from '../../services/notification/dist/domain/sending/send-due.js';
import { until } from '../support/http.ts';
import { Reminders } from '../support/kill/reminders.ts';

const { reminders: count } = inject('killing');

it(
  `has ${count} reminders leave while who sends them is killed every five seconds: none is missing, and none comes twice but where the ledger says that it may`,
  async () => {
    const reminders = await Reminders.due(count);
    onTestFinished(() => reminders.forget());
    const kills = await reminders.killTheSender();
    await until(async () => {
      await reminders.mails.look();
      return (await reminders.left()) === 0;
    }, 180_000);
    const lines = await reminders.ledger();
    expect(lines).toHaveLength(count);
    expect(lines.filter(({ state }) => state !== 'sent')).toEqual([]);
    // It was taken before the ledger could say so; whoever keeps it may be a moment behind.
    const came = ({ id }: { id: string }) => reminders.mails.ids.get(id) ?? 0;
    await until(async () => {
      await reminders.mails.look();
      return lines.every((line) => came(line) > 0);
    });
    // No mail server can be asked what it took: what was under way when its sender died leaves again, as the same mail.
    const doubled = lines.filter((line) => came(line) > 1);
    console.info(`killed ${kills} times; ${doubled.length} of ${count} came twice`);
    expect(doubled.filter((line) => !line.may_have_left_twice)).toEqual([]);
    expect(doubled.length).toBeLessThanOrEqual(kills * usualSending.atOnce);
    expect(lines.filter(({ may_have_left_twice: may }) => may).length).toBeLessThanOrEqual(kills * usualSending.atOnce);
    expect(kills).toBeGreaterThan(0);
  },
  600_000 + count * 100,
);
