import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.ts';
import type { ServerPorts } from '../ports.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { answers, until } from '../wait.ts';

export interface MailpitOptions {
  home: Home;
  ports: Pick<ServerPorts, 'mailpit' | 'mailpitPage'>;
  binary: string;
  /** Lets its API order it to refuse senders, recipients and logins, for tests of these. */
  canFail?: boolean;
}

const mailsMax = 5_000;

/**
 * A real SMTP server that delivers nothing: it keeps the mails, and shows them on a page and by an API, reachable from this
 * machine only. It takes every login, as a practice's own relay would take ours.
 */
export function mailpit({ home, ports, binary, canFail = false }: MailpitOptions): ProcessSpec {
  const data = home.data('mailpit');
  mkdirSync(data, { recursive: true });
  return {
    name: 'mailpit',
    kind: 'server',
    command: binary,
    args: [
      ...['--smtp', `127.0.0.1:${ports.mailpit}`, '--listen', `127.0.0.1:${ports.mailpitPage}`],
      ...['--database', join(data, 'mails.db'), '--max', String(mailsMax)],
      ...['--smtp-auth-accept-any', '--smtp-auth-allow-insecure'],
      // Else it asks the internet for newer ones, and looks up every sender's name.
      ...['--disable-version-check', '--smtp-disable-rdns', '--quiet'],
      ...(canFail ? ['--enable-chaos'] : []),
    ],
    cwd: data,
    env: { ...inheritedEnvironment(), GOMEMLIMIT: '64MiB' },
    port: ports.mailpit,
    after: [],
    ready: async (signal) => {
      await until(() => answers(`http://127.0.0.1:${ports.mailpitPage}/readyz`, 200), signal);
    },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
}
