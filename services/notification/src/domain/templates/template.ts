import { FieldErrors } from '@cabinet/kit/errors';
import { smsText } from '../channels/sms-text.js';
import { type Kind, kindNames } from '../decisions/decision.js';
import type { Language } from './language.js';

/** A cancellation by the practice has other words than one by the patient. */
export type TemplateName = Kind | 'cancelled-by-practice';
export const templateNames: readonly TemplateName[] = [...kindNames, 'cancelled-by-practice'];

/** What a message says: a mail by its subject and text, an SMS or a push by its short text. */
export interface TemplateText {
  subject: string;
  text: string;
  short: string;
}

export interface Template extends TemplateText {
  name: TemplateName;
  language: Language;
  /** `file:2` as it came with the platform, `practice:3` as the practice set it. */
  version: string;
}

/** What a text may speak of, and a sample of it in each language. Nothing medical is among it, so nothing medical can leave. */
export const variables = {
  recipient: { about: 'how its recipient is called', fr: 'Claire Lefèvre', en: 'Claire Lefèvre' },
  yourVisit: { about: 'whose visit it is, in words', fr: 'votre rendez-vous', en: 'your appointment' },
  visits: {
    about: 'when, with whom and where; a line for each visit',
    fr: 'mardi 8 décembre 2026 à 09:30, Alice Bernard, Cabinet des Lilas',
    en: 'Tuesday 8 December 2026 at 09:30, Alice Bernard, Cabinet des Lilas',
  },
  times: {
    about: 'when alone, of all visits',
    fr: 'mardi 8 décembre 2026 à 09:30',
    en: 'Tuesday 8 December 2026 at 09:30',
  },
  oldTime: {
    about: 'when the visit was to be before; also with whom and where, when only that has changed',
    fr: 'lundi 7 décembre 2026 à 11:00',
    en: 'Monday 7 December 2026 at 11:00',
  },
  answerBy: {
    about: 'until when an offer is kept',
    fr: 'lundi 7 décembre 2026 à 18:00',
    en: 'Monday 7 December 2026 at 18:00',
  },
  about: { about: 'whom a message is about, in words', fr: 'vous', en: 'you' },
  code: { about: 'the code', fr: '7K3F-9QXM-2BTR', en: '7K3F-9QXM-2BTR' },
  goodUntil: {
    about: 'until when a code is good',
    fr: 'lundi 7 décembre 2026 à 18:00',
    en: 'Monday 7 December 2026 at 18:00',
  },
  practice: { about: 'how the practice is called', fr: 'Cabinet des Lilas', en: 'Cabinet des Lilas' },
  choices: {
    about: 'what may be done about the visits without signing in, a line for each: in a mail alone',
    fr: 'Déplacer : https://cabinet.example/…\nAnnuler : https://cabinet.example/…',
    en: 'Move: https://cabinet.example/…\nCancel: https://cabinet.example/…',
  },
  visitLink: {
    about:
      'where the visit is confirmed, moved or cancelled without signing in; of several visits the address of the portal',
    fr: 'https://cabinet.example/api/notifications/links/AZrnPm8rfFWbHD8bj18tEQGX5cm0b2qkRr3uJ8Vw1w2e',
    en: 'https://cabinet.example/api/notifications/links/AZrnPm8rfFWbHD8bj18tEQGX5cm0b2qkRr3uJ8Vw1w2e',
  },
  link: { about: 'the address of the portal', fr: 'https://cabinet.example', en: 'https://cabinet.example' },
} as const satisfies Record<string, { about: string } & Record<Language, string>>;
export type Variable = keyof typeof variables;
export type Values = Partial<Record<Variable, string>>;

const ofVisits: Variable[] = ['recipient', 'yourVisit', 'visits', 'times', 'practice', 'link'];
const ofVisitsAhead: Variable[] = [...ofVisits, 'choices', 'visitLink'];
/** Where a variable may stand, when not everywhere. */
const onlyIn: Partial<Record<string, readonly Part[]>> = { choices: ['text'], visitLink: ['text', 'short'] };
const ofCodes: Variable[] = ['code', 'goodUntil', 'practice', 'link'];
const ofAlerts: Variable[] = ['recipient', 'practice', 'link'];
const ofRequests: Variable[] = ['recipient', 'about', 'practice', 'link'];

interface Terms {
  knows: readonly Variable[];
  /** Without which a mail would say nothing. */
  needs: readonly Variable[];
}
export const termsOf: Record<TemplateName, Terms> = {
  confirmation: { knows: ofVisitsAhead, needs: ['visits'] },
  reminder: { knows: ofVisitsAhead, needs: ['visits'] },
  moved: { knows: [...ofVisitsAhead, 'oldTime'], needs: ['visits'] },
  cancelled: { knows: ofVisits, needs: ['visits'] },
  'cancelled-by-practice': { knows: ofVisits, needs: ['visits'] },
  declined: { knows: ofVisits, needs: ['visits'] },
  offer: { knows: [...ofVisits, 'answerBy'], needs: ['visits', 'answerBy', 'link'] },
  'emergency-access': { knows: ['recipient', 'practice', 'link'], needs: ['practice'] },
  'password-reset': { knows: ofCodes, needs: ['code'] },
  invitation: { knows: ofCodes, needs: ['code'] },
  registration: { knows: ofCodes, needs: ['code'] },
  alert: { knows: ofAlerts, needs: ['link'] },
  'urgent-alert': { knows: ofAlerts, needs: ['link'] },
  'results-ready': { knows: ofRequests, needs: ['link'] },
  'document-received': { knows: ofRequests, needs: ['link'] },
  'call-us': { knows: ofRequests, needs: ['practice'] },
  'bring-documents': { knows: ofRequests, needs: ['practice'] },
};

const longest = { subject: 150, text: 5_000, short: 400 } as const;
const parts = ['subject', 'text', 'short'] as const;
type Part = (typeof parts)[number];

const slot = /\{\{\s*([A-Za-z]+)\s*\}\}/g;

/**
 * Reads a text that the practice would set.
 * @throws InvalidInput (422) naming the part, for one that is empty or too long, speaks of what is not known of such a message or
 *   leaves out what it is for, or has braces that are no variable
 */
export function readTemplateText(name: TemplateName, given: TemplateText): TemplateText {
  const errors = new FieldErrors();
  const { knows, needs } = termsOf[name];
  for (const part of parts) {
    const text = given[part].trim();
    if (text === '') errors.add(part, 'REQUIRED', 'is required');
    if (text.length > longest[part]) errors.add(part, 'TOO_LONG', `has more than ${longest[part]} characters`);
    if (part === 'subject' && /[\r\n]/.test(text)) errors.add(part, 'INVALID', 'is one line');
    const named = variablesIn(text);
    for (const unknown of named.filter((each) => !(knows as readonly string[]).includes(each))) {
      errors.add(part, 'UNKNOWN_VARIABLE', `{{${unknown}}} is not known here: there are ${knows.join(', ')}`);
    }
    for (const misplaced of named.filter((each) => onlyIn[each]?.includes(part) === false)) {
      errors.add(part, 'VARIABLE_MISPLACED', `{{${misplaced}}} stands in ${onlyIn[misplaced]?.join(' and ')} alone`);
    }
    if (/\{\{|\}\}/.test(text.replace(slot, ''))) errors.add(part, 'INVALID', 'has braces that are no variable');
    const missing = part === 'text' ? needs.filter((each) => !named.includes(each)) : [];
    if (missing.length > 0)
      errors.add(part, 'VARIABLE_MISSING', `needs ${missing.map((each) => `{{${each}}}`).join(', ')}`);
  }
  errors.throwIfAny();
  return { subject: given.subject.trim(), text: given.text.trim(), short: given.short.trim() };
}

export const variablesIn = (text: string): string[] => [...text.matchAll(slot)].map(([, name = '']) => name);

/** A message that must not leave as it is. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable';
}

export interface Written {
  subject: string;
  text: string;
  html: string;
  short: string;
}

/**
 * Writes a message. Values are put in as they are and never looked through for variables.
 * @throws Unwritable where a variable is unknown or has no value
 */
export function write(template: Template, values: Values): Written {
  const given = (name: string): string => {
    const value = Object.hasOwn(values, name) ? tidy(values[name as Variable] ?? '') : '';
    if (value === '') throw new Unwritable(`no value for {{${name}}}`);
    return value;
  };
  const fill = (part: Part, form: (value: string, name: string) => string) =>
    template[part].replace(slot, (_, name: string) => form(given(name), name));
  return {
    subject: fill('subject', onOneLine),
    text: fill('text', (value) => value),
    html: toHtml(template, given),
    short: fill('short', onOneLine),
  };
}

/** Each is paid for. */
const smsPartsMax = 4;

/** @throws Unwritable for a text that would be too long for an SMS */
export function assertFitsSms(short: string): void {
  const { parts } = smsText(short);
  if (parts > smsPartsMax) throw new Unwritable(`the short text would be an SMS of ${parts} parts`);
}

// Control characters, and those that turn the direction of what follows: neither is a part of a name, and both make one lie.
const misleading = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const tidy = (value: string): string => value.normalize('NFC').replace(/\r\n?/g, '\n').replace(misleading, ' ').trim();
const onOneLine = (value: string): string => value.replace(/\s*\n\s*/g, '; ');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

// Of a line its address, and what it says before.
const labelled = /^(.+?)[\s\u202f]?: (https?:\/\/\S+)$/gm;

function toHtml({ language, text }: Template, given: (name: string) => string): string {
  const inHtml = (part: string): string =>
    part
      .split(/(\{\{\s*[A-Za-z]+\s*\}\})/)
      .map((piece) => {
        const [, name] = /^\{\{\s*([A-Za-z]+)\s*\}\}$/.exec(piece) ?? [];
        if (name === undefined) return escaped(piece);
        const value = escaped(given(name));
        if (name === 'choices') return value.replace(labelled, '<a href="$2">$1</a>');
        return name === 'link' || name === 'visitLink' ? `<a href="${value}">${value}</a>` : value;
      })
      .join('')
      .replace(/\n/g, '<br>\n');
  const paragraphs = text.split(/\n{2,}/).map((each) => `<p>${inHtml(each)}</p>`);
  return `<!doctype html>\n<html lang="${language}"><head><meta charset="utf-8"></head><body>\n${paragraphs.join('\n')}\n</body></html>\n`;
}

/** Values for a preview. */
export const samplesOf = (name: TemplateName, language: Language): Values =>
  Object.fromEntries(termsOf[name].knows.map((each) => [each, variables[each][language]]));
