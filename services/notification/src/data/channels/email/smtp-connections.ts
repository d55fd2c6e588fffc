import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Mail } from './mail.js';

export interface SmtpServer {
  host: string;
  port: number;
  /** `tls` from the first byte on (465), `starttls` demanded (587), or `none` for a relay on this machine. */
  security: 'tls' | 'starttls' | 'none';
  user?: string;
  password?: string;
  /** Connections at once. */
  connectionsMax: number;
  /** Without a word of the server for so long, a connection is given up. */
  timeoutMs: number;
  /** Certificates of an authority of the practice's own, beside those that are known to everybody. */
  tls?: { ca?: string };
}

/** What the server said in the end, or why it was not asked to the end. */
export class SmtpFailure extends Error {
  constructor(
    override readonly cause: Error,
    /** The mail was on its way, so it may have been taken. */
    readonly mayHaveArrived: boolean,
  ) {
    super(cause.message, { cause });
  }
}

class Stopped extends Error {
  readonly code = 'STOPPED';
}

const idleMs = 5_000;
/** Servers end a connection after so many of their own accord (Exim: 1000, Postfix: 100); ours ends before. */
const mailsMax = 90;

interface Kept {
  connection: SMTPConnection;
  mails: number;
  idle?: NodeJS.Timeout;
}

/**
 * Connections to one SMTP server, each used for many mails. nodemailer's own pool takes mails into a queue from which nobody gets
 * them back; here a mail that is not waited for any more is cut off where it stands.
 */
export class SmtpConnections {
  private readonly idle: Kept[] = [];
  private readonly waiting: (() => void)[] = [];
  private open = 0;

  constructor(private readonly server: SmtpServer) {}

  /** @returns the Message-ID that the server gave it in place of ours, if it did. @throws SmtpFailure */
  async send(mail: Mail, signal: AbortSignal): Promise<string | undefined> {
    await this.turn(signal);
    try {
      const kept = this.idle.shift();
      if (kept) {
        try {
          return await this.sendOver(kept, mail, signal);
        } catch (error) {
          // The server had ended it meanwhile, which says nothing of the mail.
          if (!isLost(error) || signal.aborted) throw error;
        }
      }
      return await this.sendOver({ connection: await this.connect(signal), mails: 0 }, mail, signal);
    } finally {
      this.open -= 1;
      this.waiting.shift()?.();
    }
  }

  close(): void {
    for (const { connection, idle } of this.idle.splice(0)) {
      clearTimeout(idle);
      connection.close();
    }
  }

  private async turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new SmtpFailure(new Stopped('was not waited for'), false);
    if (this.open >= this.server.connectionsMax) {
      await new Promise<void>((resolve, reject) => {
        const stop = () => {
          this.waiting.splice(this.waiting.indexOf(go), 1);
          reject(new SmtpFailure(new Stopped('was not waited for'), false));
        };
        const go = () => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        this.waiting.push(go);
        signal.addEventListener('abort', stop, { once: true });
      });
    }
    this.open += 1;
  }

  private async connect(signal: AbortSignal): Promise<SMTPConnection> {
    const { host, port, security, user, password, timeoutMs, tls } = this.server;
    const connection = new SMTPConnection({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      tls: { minVersion: 'TLSv1.2', ...tls },
    });
    const isOver = () => false;
    await within(connection, signal, isOver, (done) => connection.connect(done));
    if (user && password)
      await within(connection, signal, isOver, (done) => connection.login({ user, pass: password }, done));
    return connection;
  }

  private async sendOver(kept: Kept, mail: Mail, signal: AbortSignal): Promise<string | undefined> {
    const { connection } = kept;
    clearTimeout(kept.idle);
    let isRead = false;
    // Read only once the server has said that it takes the mail.
    const message = new Readable({
      read() {
        isRead = true;
        this.push(mail.raw);
        this.push(null);
      },
    });
    const { to, from, size, dsn } = mail.envelope;
    const info = await within<{ serverMessageId?: string }>(
      connection,
      signal,
      () => isRead,
      (done) =>
        connection.send({ from, to: [...to], size, dsn } as Parameters<SMTPConnection['send']>[0], message, done),
    );
    this.keep({ connection, mails: kept.mails + 1 });
    return info?.serverMessageId?.replace(/^<|>$/g, '');
  }

  private keep(kept: Kept): void {
    if (kept.mails >= mailsMax) {
      kept.connection.quit();
      return;
    }
    kept.idle = setTimeout(() => {
      this.idle.splice(this.idle.indexOf(kept), 1);
      kept.connection.quit();
    }, idleMs).unref();
    this.idle.push(kept);
  }
}

/** One step of a connection, which ends it when it fails or is not waited for any more. @throws SmtpFailure */
async function within<T>(
  connection: SMTPConnection,
  signal: AbortSignal,
  mayHaveArrived: () => boolean,
  step: (done: (error?: Error | null, result?: T) => void) => void,
): Promise<T | undefined> {
  let stop = () => {};
  let fail = (_: Error) => {};
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      fail = reject;
      stop = () => reject(new Stopped('was not waited for'));
      connection.on('error', fail);
      signal.addEventListener('abort', stop, { once: true });
      step((error, result) => (error ? reject(error) : resolve(result)));
      if (signal.aborted) stop();
    });
  } catch (error) {
    // It may still complain of how it ended.
    connection.on('error', () => undefined);
    connection.close();
    throw new SmtpFailure(error as Error, mayHaveArrived() && !hasReply(error));
  } finally {
    connection.removeListener('error', fail);
    signal.removeEventListener('abort', stop);
  }
}

const hasReply = (error: unknown): boolean => (error as { responseCode?: number }).responseCode !== undefined;

const isLost = (error: unknown): boolean =>
  error instanceof SmtpFailure && !error.mayHaveArrived && !hasReply(error.cause);
