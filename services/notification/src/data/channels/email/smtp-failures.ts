import { isOfCertificate } from '../http/outbound.js';
import { type Failed, failed } from '../outcome.js';
import type { SmtpFailure } from './smtp-connections.js';

/** What nodemailer's errors have, as far as it says what went wrong. */
interface SmtpError extends Error {
  code?: string;
  originalCode?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

/** Replies to these are about a mail; those before them are about who we are. */
const ofMail = ['MAIL FROM', 'RCPT TO', 'DATA'];

/**
 * What came of a mail that was not taken, by the reply code, its enhanced code (RFC 3463) and the command it answers. What is said of
 * the recipient says nothing of the server, and what is said of the sender is ours to mend.
 */
export function smtpOutcome({ cause, mayHaveArrived }: SmtpFailure): Failed {
  const error = cause as SmtpError;
  const { responseCode: code = 0, response = '', command = '' } = error;
  if (code === 0) return withoutReply(error, mayHaveArrived);
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? '';
  const text = `the mail server said ${response}`;
  const isAboutRecipient = command === 'RCPT TO';
  if (code < 500) {
    const isTooMuch = /^4\.7\.28|^4\.3\.2|^4\.5\.3/.test(enhanced) || /rate|too many|throttl/i.test(response);
    return isTooMuch ? failed('rate-limited', text) : failed('temporary', text, { isAboutRecipient });
  }
  // The greeting, TLS, a login: the server wants nothing of us.
  if (!ofMail.includes(command) || [530, 534, 535, 538].includes(code)) return failed('configuration', text);
  if (isAboutRecipient) {
    if (/relay/i.test(response)) return failed('configuration', text);
    // A mailbox that is full today (RFC 3463 says 4.2.2, some servers 5.2.2).
    if (enhanced === '5.2.2' || code === 552) return failed('temporary', text, { isAboutRecipient });
    return failed('permanent-address', text, { isAboutRecipient });
  }
  if (command === 'MAIL FROM' && error.code !== 'EMESSAGE' && !enhanced.startsWith('5.3.')) {
    return failed('configuration', text);
  }
  // An address of the recipient that is found to be none only now.
  if (/^5\.1\.[0-36]/.test(enhanced) || enhanced === '5.1.10')
    return failed('permanent-address', text, { isAboutRecipient: true });
  return failed('permanent-content', text);
}

function withoutReply(error: SmtpError, mayHaveArrived: boolean): Failed {
  const { code = '', originalCode } = error;
  if (code === 'EENVELOPE') return failed('permanent-address', 'the address cannot be given to the mail server');
  if (code === 'EMESSAGE') return failed('permanent-content', 'is larger than the mail server takes');
  if (code === 'EAUTH') return failed('configuration', 'the mail server takes no login that we have');
  if (code === 'ETLS' || isOfCertificate(error) || isOfCertificate({ code: originalCode })) {
    return failed('configuration', 'the mail server shows no certificate that can be trusted, or offers no TLS');
  }
  const doubt = mayHaveArrived ? '; the mail may have been taken' : '';
  const what =
    code === 'STOPPED'
      ? 'was not waited for'
      : code === 'ETIMEDOUT'
        ? 'did not answer in time'
        : 'could not be reached, or cut the connection';
  return failed('temporary', `the mail server ${what}${doubt}`, { isUncertain: mayHaveArrived });
}
