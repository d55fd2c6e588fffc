import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RelayedMail {
  /** `MAIL FROM` and `RCPT TO` with their parameters. */
  from: string;
  to: string;
  raw: string;
}

/** What it does at a step in place of the right thing: another reply, none without end, or it cuts the connection. */
export type RelayTrouble = string | 'silent' | 'cut';
export type RelayStep = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message';

const extensions = [
  'PIPELINING',
  'SIZE 500000',
  'DSN',
  '8BITMIME',
  'SMTPUTF8',
  'ENHANCEDSTATUSCODES',
  'AUTH PLAIN LOGIN',
];

/**
 * A mail relay (RFC 5321) that fails where it is told to. Mailpit is the real one; this has what a real one does on its bad days:
 * it goes silent, cuts a connection after the last line of a mail, and answers with any code.
 */
export class MailRelay {
  /** Those that it took, told or not. */
  readonly mails: RelayedMail[] = [];
  /** For the next time that a step is reached; `message` is the end of a mail, which is taken before a cut or silence. */
  readonly trouble: Partial<Record<RelayStep, RelayTrouble[]>> = {};
  /** Recipients that it always refuses so, by a piece of the address. */
  readonly refused = new Map<string, string>();
  extensions = extensions;
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.talk(socket));

  async start(port = 0): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends the connections that wait for the next mail, as relays do. */
  endIdle(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private talk(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    let buffered = '';
    let mail: RelayedMail = { from: '', to: '', raw: '' };
    let isData = false;
    const step = (name: RelayStep, right: string): boolean => {
      const trouble = this.trouble[name]?.shift();
      if (trouble === 'cut') socket.destroy();
      else if (trouble !== 'silent') socket.write(`${trouble ?? right}\r\n`);
      return trouble === undefined;
    };
    const command = (line: string) => {
      const [verb = ''] = line.toUpperCase().split(/[ :]/);
      if (verb === 'EHLO')
        step(
          'EHLO',
          ['relay.example', ...this.extensions]
            .map((each, nth, all) => `250${nth === all.length - 1 ? ' ' : '-'}${each}`)
            .join('\r\n'),
        );
      else if (verb === 'AUTH') step('AUTH', '235 2.7.0 Authentication successful');
      else if (verb === 'MAIL') {
        if (step('MAIL', '250 2.1.0 Ok')) mail = { from: line.slice(10), to: '', raw: '' };
      } else if (verb === 'RCPT') {
        const refusal = [...this.refused].find(([piece]) => line.includes(piece))?.[1];
        if (refusal) socket.write(`${refusal}\r\n`);
        else if (step('RCPT', '250 2.1.5 Ok')) mail.to = line.slice(8);
      } else if (verb === 'DATA') {
        if (mail.to === '') socket.write('554 5.5.1 Error: no valid recipients\r\n');
        else if (step('DATA', '354 End data with <CR><LF>.<CR><LF>')) isData = true;
      } else if (verb === 'RSET') socket.write('250 2.0.0 Ok\r\n');
      else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else socket.write('502 5.5.2 Error: command not recognized\r\n');
    };
    step('greeting', '220 relay.example ESMTP');
    socket.on('data', (chunk) => {
      buffered += chunk.toString('utf8');
      for (;;) {
        const end = isData ? buffered.indexOf('\r\n.\r\n') : buffered.indexOf('\r\n');
        if (end < 0) return;
        const text = buffered.slice(0, end);
        buffered = buffered.slice(end + (isData ? 5 : 2));
        if (!isData) command(text);
        else {
          isData = false;
          const trouble = this.trouble.message?.[0];
          const isTaken = trouble === undefined || trouble === 'cut' || trouble === 'silent';
          if (isTaken) this.mails.push({ ...mail, raw: text.replaceAll('\r\n..', '\r\n.') });
          step('message', `250 2.0.0 Ok: queued as ${this.mails.length}`);
          mail = { from: '', to: '', raw: '' };
        }
      }
    });
  }
}
