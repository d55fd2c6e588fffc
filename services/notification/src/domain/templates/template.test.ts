import type { InvalidInput } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smsText } from '../channels/sms-text.js';
import { languages } from './language.js';
import {
  assertFitsSms,
  readTemplateText,
  samplesOf,
  type Template,
  type TemplateText,
  templateNames,
  Unwritable,
  write,
} from './template.js';
import { fileTemplate } from './template-files.js';

const reminder = fileTemplate('reminder', 'fr');
const samples = samplesOf('reminder', 'fr');

describe.each(templateNames.flatMap((name) => languages.map((language) => [name, language] as const)))(
  'the text of %s in %s',
  (name, language) => {
    it('would be taken if the practice set it, and can be written', () => {
      const template = fileTemplate(name, language);
      const { subject, text, short } = template;
      expect(readTemplateText(name, template)).toEqual({ subject, text, short });
      const written = write(template, samplesOf(name, language));
      expect(Object.values(written).some((each) => /\{\{|undefined/.test(each))).toBe(false);
      // Other letters would make it cost twice as much and more.
      const { encoding, parts } = smsText(written.short);
      expect([encoding, parts <= 2]).toEqual(['GSM-7', true]);
    });
  },
);

describe('a text that the practice would set', () => {
  const refused = (change: Partial<TemplateText>) => {
    try {
      readTemplateText('reminder', { ...reminder, ...change });
      return [];
    } catch (error) {
      return (error as InvalidInput).fields.map(({ path, code }) => [path, code]);
    }
  };
  it.each<[string, Partial<TemplateText>, [string, string]]>([
    ['an unknown variable', { text: '{{visits}} {{diagnosis}}' }, ['text', 'UNKNOWN_VARIABLE']],
    ['one of another message', { short: '{{code}}' }, ['short', 'UNKNOWN_VARIABLE']],
    ['nothing', { short: '  ' }, ['short', 'REQUIRED']],
    ['no visits', { text: 'Bonjour' }, ['text', 'VARIABLE_MISSING']],
    ['braces that are no variable', { text: '{{visits}} {{ {{practice}} }}' }, ['text', 'INVALID']],
    ['a second line in its subject', { subject: 'Rappel\nBcc: x@y.example' }, ['subject', 'INVALID']],
    ['what takes the room of a mail in its short text', { short: '{{choices}}' }, ['short', 'VARIABLE_MISPLACED']],
    ['a link in its subject', { subject: 'Rappel {{visitLink}}' }, ['subject', 'VARIABLE_MISPLACED']],
    ['more than an SMS takes', { short: 'x'.repeat(401) }, ['short', 'TOO_LONG']],
  ])('is refused with %s, which is named', (_, change, field) => {
    expect(refused(change)).toContainEqual(field);
  });

  it('is taken without the space around it', () => {
    expect(readTemplateText('reminder', { ...reminder, short: ' {{times}} ' }).short).toBe('{{times}}');
  });
});

describe('a message', () => {
  it('is not written without a value for each variable', () => {
    expect(() => write(reminder, { ...samples, visits: ' \u200b ' })).toThrow(Unwritable);
    expect(() => write({ ...reminder, short: '{{nothing}}' }, samples)).toThrow('no value for {{nothing}}');
    expect(() => write({ ...reminder, short: '{{toString}}' }, samples)).toThrow(Unwritable);
  });

  it.each([
    ['letters of GSM', 'x'.repeat(613), 5],
    ['letters that take twice the room', 'я'.repeat(269), 5],
    ['braces, each of which takes two places', '{'.repeat(310), 5],
  ])('is too long for an SMS with too many %s', (_, practice, parts) => {
    const { short } = write({ ...reminder, short: '{{practice}}' }, { ...samples, practice });
    expect(() => assertFitsSms(short)).toThrow(`the short text would be an SMS of ${parts} parts`);
    expect(() => assertFitsSms(short.slice(0, -10))).not.toThrow();
  });

  it('is written as a mail however long it would be as an SMS', () => {
    expect(write(reminder, { ...samples, practice: 'x'.repeat(700) }).text).toContain('x'.repeat(700));
  });

  it('shows what may be done as links, a line each, and leaves a line that is none as it is', () => {
    const choices = 'Mardi 8 décembre : 09:30\nDéplacer : https://x.example/1\nAnnuler : https://x.example/2';
    const { html, text } = write({ ...reminder, text: '{{choices}}' }, { ...samples, choices });
    expect(text).toBe(choices);
    expect(html).toContain(
      '<p>Mardi 8 décembre : 09:30<br>\n<a href="https://x.example/1">Déplacer</a><br>\n<a href="https://x.example/2">Annuler</a></p>',
    );
  });

  it('takes markup, variables and line ends in a name for what they are not', () => {
    const hostile = '<img src=x onerror=alert(1)> {{link}}\r\nBcc: x@y.example \u202etxt';
    const template: Template = { ...reminder, subject: '{{recipient}}', short: '{{recipient}}' };
    const written = write(template, { ...samples, recipient: hostile });
    expect(written.html).not.toContain('<img');
    expect(written.html).toContain('&lt;img src=x onerror=alert(1)&gt; {{link}}');
    expect([written.subject, written.short].some((each) => /[\r\n\u202e]/.test(each))).toBe(false);
    expect(written.text).not.toContain('\u202e');
  });

  it('has no header, tag or variable more, whatever somebody is called', () => {
    const tags = (html: string) => [...html.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag);
    const expected = tags(write(reminder, samples).html).filter((tag) => tag !== '<br>');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (name) => {
        const recipient = `x${name}`;
        const template = { ...reminder, subject: 'A {{recipient}}' };
        const written = write(template, { ...samples, recipient });
        expect(tags(written.html).filter((tag) => tag !== '<br>')).toEqual(expected);
        expect(/[\r\n]/.test(written.subject)).toBe(false);
      }),
    );
  });
});
