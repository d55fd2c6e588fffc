import { describe, expect, it } from 'vitest';
import { readMobileNumber, senderProblem } from './mobile-number.js';

describe('a number for SMS', () => {
  it.each([
    ['+33612345678', '+33612345678'],
    ['+33 7 12.34-56 78', '+33712345678'],
    ['+262692123456', '+262692123456'],
    ['+41791234567', '+41791234567'],
  ])('reads %s', (text, number) => {
    expect(readMobileNumber(text)).toEqual({ number });
  });

  it.each([
    ['0612345678', 'no-number'],
    ['+0612345678', 'no-number'],
    ['+336', 'no-number'],
    ['+33612345678,+33612345679', 'no-number'],
    ['+33612345678\r\nTo: x', 'no-number'],
    ['alice', 'no-number'],
    ['+33142345678', 'not-mobile'],
    ['+33912345678', 'not-mobile'],
    ['+336123456789', 'not-mobile'],
  ])('refuses %j: %s', (text, fault) => {
    expect(readMobileNumber(text)).toEqual({ fault });
  });
});

describe('a sender', () => {
  it.each(['Cabinet', 'Dr Bernard', '38123', '+442071234567', `MG${'0'.repeat(32)}`])('may be %s', (sender) => {
    expect(senderProblem(sender)).toBeUndefined();
  });

  it.each([
    ['+33612345678', /mobile/],
    ['0712345678', /mobile/],
    ['33612345678', /mobile/],
    ['36123', /advertising/],
    ['12345', /neither/],
    ['Cabinet Bernard', /three to eleven/],
    ['Hé', /three to eleven/],
    ['Cabinét', /three to eleven/],
    ['', /three to eleven/],
    [' Bernard', /three to eleven/],
  ])('may not be %j', (sender, problem) => {
    expect(senderProblem(sender)).toMatch(problem);
  });
});
