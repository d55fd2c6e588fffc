import { describe, expect, it } from 'vitest';
import { Guests, inOneForm, Reach } from './reach.js';
import type { Mark } from './unreachable.js';

describe('an address, as it is compared', () => {
  it.each([
    ['Claire@Example.org', ' claire@example.org'],
    ['+33 6 12 34 56 78', '+33612345678'],
    ['cle\u0301ment@example.org', 'cl\u00e9ment@example.org'],
  ])('is the same as %s and as %s', (one, other) => {
    expect(inOneForm(one)).toBe(inOneForm(other));
  });

  it('is another one with a word after a plus', () => {
    expect(inOneForm('claire+x@example.org')).not.toBe(inOneForm('claire@example.org'));
  });
});

describe('guests', () => {
  const guests = new Guests(['Alice@example.org', '@practice.example', '+33 6 12 34 56 78']);

  it.each(['alice@EXAMPLE.org', 'anybody@practice.example', '+33612345678'])('are %s, who was named', (address) => {
    expect(guests.has(address)).toBe(true);
  });

  it.each([
    'bob@example.org',
    'alice@example.org.evil.example',
    'anybody@sub.practice.example',
    '"@practice.example"@evil.example',
    '+33612345679',
    '@practice.example.org',
  ])('are not %s', (address) => {
    expect(guests.has(address)).toBe(false);
  });

  it('are everybody where there is no list, or it says so', () => {
    expect(new Guests([]).has('bob@example.org')).toBe(true);
    expect(new Guests(['*']).has('+33612345679')).toBe(true);
  });
});

describe('whoever is written to', () => {
  const reach = (marks: Record<string, Mark>, guests: string[] = []) =>
    new Reach(new Guests(guests), { marksOf: async () => (address) => marks[address] });
  const reminder = { recipientId: 'claire', channel: 'email', kind: 'reminder' } as const;
  const both = ['old@example.org', 'new@example.org'];

  it('has it at the first of their addresses', async () => {
    expect(await reach({}).first(reminder, both)).toEqual({ to: 'old@example.org' });
  });

  it('has it at the next one, when one was refused for good or is no guest’s', async () => {
    expect(await reach({ 'old@example.org': 'refused' }).first(reminder, both)).toEqual({ to: 'new@example.org' });
    expect(await reach({}, ['new@example.org']).first(reminder, both)).toEqual({ to: 'new@example.org' });
  });

  it('has nothing where none is left, and it is said why', async () => {
    expect(await reach({}).first(reminder, [])).toEqual({ reason: 'no-address' });
    expect(await reach({}, ['a@example.org']).first(reminder, both)).toEqual({ reason: 'not-a-guest' });
    const marks = { 'old@example.org': 'refused', 'new@example.org': 'complained' } as const;
    expect(await reach(marks).first(reminder, both)).toEqual({ reason: 'unreachable' });
  });

  it('has what is about their own access also where they called a mail unwanted, and not where it was refused', async () => {
    const marks = { 'old@example.org': 'refused', 'new@example.org': 'complained' } as const;
    const access = { ...reminder, kind: 'emergency-access' } as const;
    expect(await reach(marks).first(access, both)).toEqual({ to: 'new@example.org' });
    expect(await reach(marks).first(access, ['old@example.org'])).toEqual({ reason: 'unreachable' });
  });
});
