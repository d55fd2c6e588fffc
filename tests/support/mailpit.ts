import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Home } from '../../dev/src/home.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { mailpit } from '../../dev/src/servers/mailpit.ts';
import { caller, until } from './http.ts';

/** What Mailpit says of a mail that it keeps, as far as tests look at it. */
export interface KeptMail {
  ID: string;
  MessageID: string;
  Subject: string;
  From: { Name: string; Address: string };
  To: { Name: string; Address: string }[];
  Text: string;
  HTML: string;
  Attachments: { PartID: string; FileName: string; ContentType: string }[];
  ListUnsubscribe: { Header: string; HeaderPost: string; Links: string[]; Errors: string };
}

/** Where it refuses, how often of a hundred, and with which reply. */
export type Trouble = { ErrorCode: number; Probability: number };

/** What a Mailpit says of the mails that it keeps. */
export interface Mails {
  /** The mails to an address, newest first, as soon as there are so many. */
  mailsTo(address: string, count?: number): Promise<KeptMail[]>;
  /** How many it keeps that were for an address. */
  countTo(address: string): Promise<number>;
  /** A mail as it came over the wire. */
  raw(id: string): Promise<string>;
  /** A file that came with a mail. */
  file(mail: KeptMail, name: string): Promise<string>;
}

export interface MailServer extends Mails {
  host: string;
  port: number;
  /** Its page for people, and its API. */
  url: string;
  /** What a mail client's CSS and HTML would not show, in per cent of clients that show it. */
  supportOfHtml(id: string): Promise<number>;
  /** From now on it refuses so; with nothing, never. */
  trouble(trouble: Partial<Record<'Sender' | 'Recipient' | 'Authentication', Trouble>>): Promise<void>;
  /** The certificate that it shows, in PEM. */
  certificate(): Promise<string>;
  /** Ends it at once, whatever it is doing; `start` brings it back at the same address with the mails that it kept. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param url of its page */
export function mailsAt(url: string): Mails {
  const ask = caller(url);
  const search = async (address: string) =>
    (await ask('GET', `/api/v1/search?query=${encodeURIComponent(`to:"${address}"`)}`)).body;
  return {
    async mailsTo(address, count = 1) {
      await until(async () => (await search(address)).messages_count >= count);
      const { messages } = await search(address);
      return Promise.all(
        messages.map(async ({ ID }: { ID: string }) => (await ask('GET', `/api/v1/message/${ID}`)).body),
      );
    },
    countTo: async (address) => (await search(address)).messages_count,
    raw: async (id) => (await ask('GET', `/api/v1/message/${id}/raw`)).body,
    async file({ ID, Attachments }, name) {
      const part = Attachments.find(({ FileName }) => FileName === name);
      if (!part)
        throw new Error(`there is no ${name}, only: ${Attachments.map(({ FileName }) => FileName).join(', ')}`);
      return (await ask('GET', `/api/v1/message/${ID}/part/${part.PartID}`)).body;
    },
  };
}

/** A real SMTP server that keeps what it is given; with STARTTLS by a certificate of its own for localhost. Built when this machine has none. */
export async function startMailServer({ isTls = false } = {}): Promise<MailServer> {
  const { mailpit: binary } = await bringArtifacts(new Progress(() => undefined), ['mailpit']);
  const folder = mkdtempSync(join(tmpdir(), 'mailpit-'));
  const ports = { mailpit: await freePort(), mailpitPage: await freePort() };
  const spec = mailpit({ home: new Home(folder), ports, binary, canFail: true });
  if (isTls) spec.args.push('--smtp-tls-cert', 'sans:localhost', '--smtp-tls-key', 'sans:localhost');
  const url = `http://127.0.0.1:${ports.mailpitPage}`;
  const ask = caller(url);
  let child: ChildProcess;
  const never: Trouble = { ErrorCode: 451, Probability: 0 };
  const server: MailServer = {
    host: '127.0.0.1',
    port: ports.mailpit,
    url,
    ...mailsAt(url),
    supportOfHtml: async (id) => (await ask('GET', `/api/v1/message/${id}/html-check`)).body.Total.Supported,
    async trouble(wanted) {
      const all = { Sender: never, Recipient: never, Authentication: never, ...wanted };
      const { status } = await ask('PUT', '/api/v1/chaos', all);
      if (status !== 200) throw new Error(`Mailpit takes no orders to fail: ${status}`);
    },
    certificate: () => certificateOf(ports.mailpit),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async start() {
      child = spawn(spec.command, spec.args, { cwd: spec.cwd, env: spec.env, stdio: 'ignore' });
      await spec.ready(AbortSignal.timeout(60_000));
    },
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** What a mail server shows whoever asks it for TLS, trusted or not. */
async function certificateOf(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const replied = async () => void (await once(socket, 'data'));
  await replied();
  socket.write('EHLO test.example\r\n');
  await replied();
  socket.write('STARTTLS\r\n');
  await replied();
  const secure = connectTls({ socket, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const { raw } = secure.getPeerCertificate();
  secure.destroy();
  return `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
