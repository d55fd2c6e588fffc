import type { Audience } from '../decisions/decision.js';
import type { Language } from './language.js';
import type { Values } from './template.js';

/** What is said of one visit. */
export interface VisitSaid {
  start: Date;
  /** IANA zone of its place. */
  zone: string;
  practitioner: string;
  place: string;
}

/** All that a message may say, before it is in a language. */
export interface Said {
  language: Language;
  audience: Audience;
  practice: string;
  /** IANA, of the practice. */
  zone: string;
  link: string;
  /** What may be done about visits by links. */
  choices?: string;
  visitLink?: string;
  /** How its recipient is called; absent for codes, whose owner may be nobody yet. */
  recipient?: string;
  /** Given name of the patient, where its recipient acts for them. */
  patient?: string;
  /** In order of time. */
  visits?: readonly VisitSaid[];
  /** As the visit was to be before. */
  old?: VisitSaid;
  answerBy?: Date;
  code?: { code: string; goodUntil: Date };
}

const locales: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' };
const formats = new Map<string, { date: Intl.DateTimeFormat; time: Intl.DateTimeFormat }>();

/** `mardi 8 décembre 2026 à 09:30`, by the clock of the zone. */
export function timeIn(language: Language, at: Date, zone: string): string {
  const key = `${language} ${zone}`;
  let format = formats.get(key);
  if (!format) {
    const locale = locales[language];
    format = {
      date: new Intl.DateTimeFormat(locale, {
        timeZone: zone,
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
      }),
      time: new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false }),
    };
    formats.set(key, format);
  }
  const date = format.date.format(at).replace(',', '');
  // The first of a month is the only day that is no plain number in French, which `Intl` does not know.
  const inWords = language === 'fr' ? date.replace(/ 1 /, ' 1er ') : date;
  return `${inWords}${language === 'fr' ? ' à ' : ' at '}${format.time.format(at)}`;
}

const words = {
  fr: {
    yours: (several: boolean) => (several ? 'vos rendez-vous' : 'votre rendez-vous'),
    theirs: (several: boolean, name: string) => `${several ? 'les' : 'le'} rendez-vous ${of(name)}`,
    you: 'vous',
  },
  en: {
    yours: (several: boolean) => (several ? 'your appointments' : 'your appointment'),
    theirs: (several: boolean, name: string) => `${name}’s ${several ? 'appointments' : 'appointment'}`,
    you: 'you',
  },
} as const;

const of = (name: string): string => (/^[aeiouyhàâäéèêëîïôöùûü]/i.test(name) ? `d’${name}` : `de ${name}`);

/** The values of a message: who acts for somebody is greeted, and the other one named. */
export function valuesOf({ language, audience, practice, zone, link, recipient, patient, ...said }: Said): Values {
  const { visits = [], old, answerBy, code, choices, visitLink } = said;
  const its = words[language];
  const several = visits.length > 1;
  const isTheirs = audience !== 'self' && patient !== undefined;
  const timeOf = (visit: VisitSaid) => timeIn(language, visit.start, visit.zone);
  const inFull = (visit: VisitSaid) => [timeOf(visit), visit.practitioner, visit.place].filter(Boolean).join(', ');
  const values: Values = { practice, link };
  if (recipient) values.recipient = recipient;
  values.about = isTheirs ? patient : its.you;
  if (visits.length > 0) {
    values.yourVisit = isTheirs ? its.theirs(several, patient) : its.yours(several);
    values.visits = visits.map(inFull).join('\n');
    values.times = visits.map(timeOf).join('\n');
    if (choices) values.choices = choices;
    if (visitLink) values.visitLink = visitLink;
  }
  const [first] = visits;
  // Of one that takes place at the same time, what has changed is with whom, or where.
  if (old) values.oldTime = old.start.getTime() === first?.start.getTime() ? inFull(old) : timeOf(old);
  if (answerBy) values.answerBy = timeIn(language, answerBy, first?.zone ?? zone);
  if (code) {
    values.code = code.code;
    values.goodUntil = timeIn(language, code.goodUntil, zone);
  }
  return values;
}
