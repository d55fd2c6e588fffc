import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readOvhCloudReceipt } from './ovhcloud-receipt.js';
import { cameToAddress, secretAddress } from './secret-address.js';
import { isSignedByTwilio, readTwilioReceipt, readTwilioReply } from './twilio-receipt.js';

const sid = `SM${'0123456789abcdef'.repeat(2)}`;
const callback = new URL('https://cabinet-bernard.example/receipts/twilio?decision=0196f0a2');
const twilio = (fields: object) => readTwilioReceipt(callback, new URLSearchParams({ MessageSid: sid, ...fields }));

describe('a receipt of Twilio', () => {
  it.each([
    ['queued', 'sent'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
  ])('tells of %s that it is %s', (MessageStatus, state) => {
    expect(twilio({ MessageStatus })).toEqual({ providerId: `twilio:${sid}`, state, decisionId: '0196f0a2' });
  });

  it.each([
    ['30003', 'temporary'],
    ['30005', 'permanent-address'],
    ['30006', 'permanent-address'],
    ['30007', 'permanent-content'],
    ['30034', 'configuration'],
    ['', 'temporary'],
  ])('tells by code %s of a failure that it is %s', (ErrorCode, kind) => {
    expect(twilio({ MessageStatus: 'undelivered', ErrorCode, To: '+33612345678' })).toEqual({
      providerId: `twilio:${sid}`,
      state: 'failed',
      class: kind,
      text: `twilio: undelivered ${ErrorCode}`.trim(),
      decisionId: '0196f0a2',
    });
  });

  it.each([
    ['no state', {}],
    ['a state that nobody knows', { MessageStatus: 'teleported' }],
    ['an id that is none', { MessageStatus: 'sent', MessageSid: "SM' or 1=1" }],
  ])('is none with %s', (_, fields) => {
    expect(twilio(fields)).toBeUndefined();
  });

  it('is believed when it is signed as Twilio documents, with the new token or the old one', () => {
    const form = new URLSearchParams({
      CallSid: 'CA1234567890ABCDE',
      Caller: '+12349013030',
      Digits: '1234',
      From: '+12349013030',
      To: '+18005551212',
    });
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    // The example of Twilio's own documentation, with its token.
    expect(isSignedByTwilio(['12345'], url, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=')).toBe(true);
    expect(isSignedByTwilio(['new', '12345'], url, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=')).toBe(true);
    expect(isSignedByTwilio(['new'], url, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=')).toBe(false);
    expect(isSignedByTwilio(['12345'], `${url}3`, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=')).toBe(false);
    form.set('Digits', '1235');
    expect(isSignedByTwilio(['12345'], url, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=')).toBe(false);
    for (const signature of ['', 'x', '0'.repeat(1_000)])
      expect(isSignedByTwilio(['12345'], url, form, signature)).toBe(false);
  });

  it('counts a field once that came twice, as Twilio signs it', () => {
    const form = new URLSearchParams([
      ['a', '2'],
      ['a', '1'],
      ['a', '2'],
    ]);
    const signature = createHmac('sha1', 'token').update('https://x.example/a1a2').digest('base64');
    expect(isSignedByTwilio(['token'], 'https://x.example/', form, signature)).toBe(true);
  });

  it('tells STOP by what somebody wrote, or by what Twilio made of it', () => {
    const reply = (fields: Record<string, string>) =>
      readTwilioReply(new URLSearchParams({ From: '+33612345678', ...fields }));
    expect(reply({ Body: 'stop' })).toEqual({ from: '+33612345678', keyword: 'stop' });
    expect(reply({ Body: 'laissez-moi', OptOutType: 'STOP' })).toEqual({ from: '+33612345678', keyword: 'stop' });
    expect(reply({ Body: 'je serai en retard' })).toEqual({ from: '+33612345678', keyword: undefined });
    expect(reply({ Body: 'stop', MessageStatus: 'sent' })).toBeUndefined();
    expect(readTwilioReply(new URLSearchParams({ Body: 'stop' }))).toBeUndefined();
  });
});

describe('a receipt of OVHcloud', () => {
  const read = (query: string) => readOvhCloudReceipt(new URLSearchParams(query));

  it.each([
    ['0', 'sent', undefined],
    ['1', 'delivered', undefined],
    ['2', 'failed', 'temporary'],
    ['4', 'sent', undefined],
    ['16', 'failed', 'permanent-address'],
  ])('tells by dlr %s that it is %s', (dlr, state, kind) => {
    const receipt = read(`id=26929925&dlr=${dlr}&ptt=3&tag=0196f0a2`);
    expect([receipt?.providerId, receipt?.state, receipt?.class, receipt?.decisionId]).toEqual([
      'ovhcloud:26929925',
      state,
      kind,
      '0196f0a2',
    ]);
  });

  it.each(['', 'id=1', 'dlr=1', 'id=1&dlr=3', 'id=x&dlr=1', `id=${'1'.repeat(21)}&dlr=1`])('is none of %j', (query) => {
    expect(read(query)).toBeUndefined();
  });

  it('is believed at the address that only OVHcloud was given', () => {
    const base = 'https://cabinet-bernard.example/receipts/ovhcloud';
    const url = new URL(secretAddress(base, 'a secret', 'ovhcloud'));
    const query = url.searchParams;
    expect(cameToAddress(['a secret'], 'ovhcloud', query)).toBe(true);
    expect(cameToAddress(['newer', 'a secret'], 'ovhcloud', query)).toBe(true);
    expect(cameToAddress(['newer'], 'ovhcloud', query)).toBe(false);
    expect(cameToAddress(['a secret'], 'mail', query)).toBe(false);
    expect(cameToAddress(['a secret'], 'ovhcloud', new URLSearchParams())).toBe(false);
    expect(url.href).not.toContain('secret');
  });
});
