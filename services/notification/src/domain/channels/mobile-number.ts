export type NumberFault = 'no-number' | 'not-mobile';

/**
 * A number that can be sent an SMS, by E.164. In France only 06 and 07 are mobile, so a text to another number is paid for and lost;
 * elsewhere the provider knows.
 */
export function readMobileNumber(text: string): { number: string } | { fault: NumberFault } {
  const number = text.replace(/[ .()\u00a0\u202f-]/g, '');
  if (!/^\+[1-9]\d{6,14}$/.test(number)) return { fault: 'no-number' };
  if (number.startsWith('+33') && !/^\+33[67]\d{8}$/.test(number)) return { fault: 'not-mobile' };
  return { number };
}

/**
 * What forbids a sender, or undefined. In France programs may not send from mobile numbers (ARCEP, decision 2018-0881), 36xxx is for
 * advertising and 38xxx for what is not; names are three to eleven letters or digits, and no number (3GPP TS 23.040: eleven at most).
 */
export function senderProblem(sender: string): string | undefined {
  if (/^(?:\+|00)?33[67]\d{8}$|^0[67]\d{8}$/.test(sender))
    return 'is a mobile number, from which programs may not send';
  if (/^36\d{3}$/.test(sender)) return 'is a number for advertising';
  if (/^38\d{3}$/.test(sender) || /^MG[0-9a-f]{32}$/.test(sender) || /^\+[1-9]\d{6,14}$/.test(sender)) return undefined;
  if (!/^[A-Za-z0-9 ]{3,11}$/.test(sender) || sender.trim() !== sender)
    return 'has not three to eleven letters and digits';
  return /[A-Za-z]/.test(sender) ? undefined : 'is neither a name nor a number of a service';
}
