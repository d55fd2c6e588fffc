import { MailRelay } from '../../tests/support/mail-relay.ts';
import { refusedPiece } from './people.ts';

// Runs as a process of its own: a relay that takes mails as fast as they come, and remembers of each no more than its Message-ID.
const relay = new MailRelay();
relay.refused.set(refusedPiece, '550 5.1.1 User unknown');

let ids = new Set<string>();
let mails = 0;
let firstAt = 0;
let lastAt = 0;
const take = () => {
  const taken = relay.mails.splice(0);
  if (taken.length === 0) return;
  lastAt = Date.now();
  firstAt ||= lastAt;
  mails += taken.length;
  for (const { raw } of taken) ids.add(/^Message-ID: <([^>]+)>/im.exec(raw)?.[1] ?? '');
};
setInterval(take, 50);

/** Whoever asks gets what came since the last time. */
process.on('message', () => {
  take();
  process.send?.({ mails, different: ids.size, ms: lastAt - firstAt });
  ids = new Set();
  [mails, firstAt, lastAt] = [0, 0, 0];
});
process.on('disconnect', () => process.exit(0));
await relay.start();
process.send?.({ port: relay.port });
