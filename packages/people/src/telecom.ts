import type { FieldErrors } from '@cabinet/kit/errors';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { z } from 'zod';

/** A way to reach somebody, in FHIR R4's words. */
export interface ContactPoint {
  system: 'phone' | 'email';
  /** E.164 for a phone. */
  value: string;
  use?: 'home' | 'work' | 'mobile';
}

// French overseas territories of the national numbering plan have country codes of their own though people there write
// numbers like everybody in France (ARCEP; libphonenumber's metadata have the same ranges). 06 39 98 is the exception: it is
// kept for films, and for tests.
const overseas: [RegExp, CountryCode][] = [
  [/^0(26[23]|69[23]|7092)/, 'RE'],
  [/^0(269|639(?!98)|7093[5-7])/, 'YT'],
  [/^0(590|69[01]|7090)/, 'GP'],
  [/^0(594|694|7093[0-3])/, 'GF'],
  [/^0(596|69[67]|7091)/, 'MQ'],
  [/^0(508|708[45])/, 'PM'],
];

/**
 * A phone number as E.164 (`+33612345678`); without a country code it is French.
 * @returns undefined when it cannot be a number: too short, too long, letters, an extension
 */
export function toE164(text: string): string | undefined {
  const digits = text.replace(/\D/g, '');
  const isNational = !/^\s*(\+|00)/.test(text);
  const region = (isNational && overseas.find(([prefix]) => prefix.test(digits))?.[1]) || 'FR';
  // Of Saint-Pierre-et-Miquelon 0508 is what the rest of France dials before the six digits of a subscriber.
  const written = region === 'PM' ? text.replace(/^(\D*)0(\D*)5(\D*)0(\D*)8/, '$1') : text;
  const number = parsePhoneNumberFromString(written, { defaultCountry: region, extract: false });
  return number?.isPossible() && !number.ext ? number.number : undefined;
}

const email = z.email().max(254);

/** The address with its domain in lower case, or undefined when it is none. */
export function toEmail(text: string): string | undefined {
  const [local, domain] = text.trim().split('@');
  const address = `${local}@${domain?.toLowerCase()}`;
  return text.split('@').length === 2 && email.safeParse(address).success ? address : undefined;
}

/** Checks and normalises contact points; what is written twice is kept once. */
export function readTelecom(points: readonly ContactPoint[], path: string, errors: FieldErrors): ContactPoint[] {
  const read = new Map<string, ContactPoint>();
  points.forEach((point, index) => {
    const value = point.system === 'phone' ? toE164(point.value) : toEmail(point.value);
    if (value) {
      const { system, use } = point;
      read.set(`${system} ${value}`, use ? { system, value, use } : { system, value });
    } else if (point.system === 'phone') {
      errors.add(`${path}[${index}].value`, 'NO_PHONE_NUMBER', 'is not a phone number; outside France start with +');
    } else {
      errors.add(`${path}[${index}].value`, 'NO_EMAIL', 'is not an e-mail address');
    }
  });
  return [...read.values()];
}
