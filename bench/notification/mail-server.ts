import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { samplesOf, write } from '../../services/notification/dist/domain/templates/template.js';
import { fileTemplate } from '../../services/notification/dist/domain/templates/template-files.js';
import { addressOf, isRefused } from './people.ts';

/** As many as the service opens when nothing else is said. */
const connections = 5;

interface Taken {
  mails: number;
  /** By their Message-ID. */
  different: number;
  /** From the first to the last. */
  ms: number;
}

/** A relay that knows the commands of RFC 5321 and keeps nothing. */
export class MailServer {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<MailServer> {
    const child = fork(join(import.meta.dirname, 'mail-server-process.ts'));
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new MailServer(child, port);
  }

  /** What came since it was asked last. */
  async taken(): Promise<Taken> {
    const answer = once(this.#child, 'message');
    this.#child.send('taken');
    return ((await answer) as [Taken])[0];
  }

  stop(): void {
    this.#child.disconnect();
  }
}

/** nodemailer alone, over as many connections, sends so many reminders as the service writes them. @returns mails a second */
export async function nodemailerAlone(port: number, count: number): Promise<number> {
  const { subject, text, html } = write(fileTemplate('reminder', 'fr'), samplesOf('reminder', 'fr'));
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    pool: true,
    maxConnections: connections,
    maxMessages: 90,
  });
  const unsubscribe = `https://cabinet.example/api/notifications/unsubscribe/${'x'.repeat(150)}`;
  let next = 0;
  const work = async () => {
    while (next < count) {
      const n = next++;
      try {
        await transport.sendMail({
          ...{ from: 'Cabinet <no-reply@cabinet.test>', to: addressOf(n), subject, text, html },
          headers: {
            'Content-Language': 'fr',
            'Auto-Submitted': 'auto-generated',
            'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
        });
      } catch (error) {
        if ((error as { responseCode?: number }).responseCode !== 550 || !isRefused(n)) throw error;
      }
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: 4 * connections }, work));
  const seconds = (performance.now() - began) / 1_000;
  transport.close();
  return count / seconds;
}
