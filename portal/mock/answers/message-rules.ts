import type { notificationApi } from '@cabinet/contracts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, since } from '../people.ts';

type Schemas = notificationApi.components['schemas'];
type Policy = Schemas['PolicyDto'];
type Text = Schemas['TemplateRequest'];
type Language = Schemas['LanguageDto'];
type Planned = Schemas['PlannedMessageDto'];

const hour = 3_600_000;
const stale = () => new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
const invalid = (path: string, code: string, message: string) =>
  new Refused(422, 'REQUEST.INVALID', 'The request breaks a rule', { fields: [{ path, code, message }] });

const first: Policy = {
  confirmation: { channels: ['email'] },
  change: { channels: ['email', 'sms'], quietMinutes: 10 },
  offer: { channels: ['email', 'sms'] },
  message: { channels: ['email'] },
  alert: { channels: ['email'], urgentChannels: ['sms', 'email'] },
  reminders: [
    { channel: 'email', daysBefore: 7, at: '10:00' },
    { channel: 'email', daysBefore: 1, at: '10:00' },
  ],
  byType: [],
  lateMinutes: 10,
  mergesVisitsOfOneDay: true,
  quietHours: { channels: ['sms', 'push'], from: '20:00', until: '08:00', days: [7] },
  recipientDailyMax: 20,
  dailyBudget: { email: 20_000, sms: 2_000, push: 20_000 },
};
const sms = { channel: 'sms', daysBefore: 2, at: '10:00' } as const;

/** Every policy, the newest first. */
export const policies: Schemas['PolicyResponse'][] = [
  { version: 2, policy: { ...first, reminders: [...first.reminders, sms] }, setBy: idOf('user admin'), setAt: since },
  { version: 1, policy: first, setBy: idOf('user secretary'), setAt: since },
];
const current = () => policies[0] as Schemas['PolicyResponse'];

/** Roughly as the service plans: confirmed at once, reminded so many days before; at night no SMS leaves. */
function planned({ start, bookedAt, policy = current().policy }: Schemas['PolicyPreviewRequest']): Planned[] {
  const booked = bookedAt ?? new Date().toISOString();
  const at = (instant: number) => ({
    dueAt: new Date(instant).toISOString(),
    expiresAt: new Date(instant + 5 * hour).toISOString(),
  });
  const confirmed = policy.confirmation.channels.map(
    (channel): Planned => ({ kind: 'confirmation', step: '', channel, ...at(Date.parse(booked)) }),
  );
  const reminded = policy.reminders.map(({ channel, daysBefore }): Planned => {
    const due = Date.parse(start) - daysBefore * 24 * hour;
    const isPast = due <= Date.parse(booked);
    return { kind: 'reminder', step: `P${daysBefore}D`, channel, ...at(due), reason: isPast ? 'past' : undefined };
  });
  return [...confirmed, ...reminded].sort((a, b) => a.dueAt.localeCompare(b.dueAt));
}

const samples: Record<string, { about: string; fr: string; en: string }> = {
  recipient: { about: 'how its recipient is called', fr: 'Alice Martin', en: 'Alice Martin' },
  visits: {
    about: 'when, with whom and where; a line for each visit',
    fr: 'mardi 8 décembre 2026 à 09:30, Jeanne Bernard',
    en: 'Tuesday 8 December 2026 at 09:30, Jeanne Bernard',
  },
  times: {
    about: 'when alone, of all visits',
    fr: 'mardi 8 décembre 2026 à 09:30',
    en: 'Tuesday 8 December 2026 at 09:30',
  },
  about: { about: 'whom a message is about, in words', fr: 'vous', en: 'you' },
  code: { about: 'the code', fr: '7K3F-9QXM-2BTR', en: '7K3F-9QXM-2BTR' },
  practice: { about: 'how the practice is called', fr: 'Cabinet des Lilas', en: 'Cabinet des Lilas' },
  link: { about: 'the address of the portal', fr: 'https://cabinet.example', en: 'https://cabinet.example' },
};

interface Terms {
  knows: string[];
  needs: string;
}
const ofVisits: Terms = { knows: ['recipient', 'visits', 'times', 'practice', 'link'], needs: 'visits' };
const ofCodes: Terms = { knows: ['code', 'practice', 'link'], needs: 'code' };
const ofRequests: Terms = { knows: ['recipient', 'about', 'practice', 'link'], needs: 'practice' };
const terms = new Map<string, Terms>([
  ...['confirmation', 'reminder', 'moved', 'cancelled', 'declined', 'offer'].map((name): [string, Terms] => [
    name,
    ofVisits,
  ]),
  ...['emergency-access', 'alert', 'urgent-alert'].map((name): [string, Terms] => [name, ofRequests]),
  ...['password-reset', 'invitation', 'registration'].map((name): [string, Terms] => [name, ofCodes]),
  ...['results-ready', 'document-received', 'call-us', 'bring-documents'].map((name): [string, Terms] => [
    name,
    ofRequests,
  ]),
  ['cancelled-by-practice', ofVisits],
]);

const came = (language: Language, { needs }: Terms): Text =>
  language === 'fr'
    ? {
        subject: 'Un message – {{practice}}',
        text: `Bonjour,\n\n{{${needs}}}\n\n{{practice}}`,
        short: '{{practice}} : un message. {{link}}',
      }
    : {
        subject: 'A message – {{practice}}',
        text: `Hello,\n\n{{${needs}}}\n\n{{practice}}`,
        short: '{{practice}}: a message. {{link}}',
      };

const versions = new Map<string, Schemas['TemplateVersionDto'][]>();
versions.set('reminder en', [
  {
    ...{ nth: 1, setBy: idOf('user secretary'), setAt: since },
    subject: 'Your appointment – {{practice}}',
    text: 'Hello,\n\nWe expect you:\n{{visits}}\n\n{{practice}}',
    short: '{{practice}}: a message. {{link}}',
  },
]);

/** A text of that name in that language, as it is now, as it came, and with what it may name. */
function detailsOf(name: string, language: Language): Schemas['TemplateDetails'] {
  const its = terms.get(name);
  if (!its || !['fr', 'en'].includes(language)) throw notFound('NOTIFICATION.TEMPLATE_UNKNOWN');
  const set = versions.get(`${name} ${language}`) ?? [];
  const file = { name, language, version: 'file:1', ...came(language, its) };
  const [newest] = set;
  const { subject, text, short } = newest ?? file;
  const variables = its.knows.map((each) => ({
    ...{ name: each, about: samples[each]?.about ?? '', sample: samples[each]?.[language] ?? '' },
    isNeeded: each === its.needs,
  }));
  const version = newest ? `practice:${newest.nth}` : 'file:1';
  return { name, language, version, subject, text, short, variables, file, versions: set };
}

const details = ({ path }: Asked<unknown>) => detailsOf(path.name as string, path.language as Language);

/** As the service fills it in. @throws Refused 422 for what is not known of such a message */
function written(text: Text, { variables }: Schemas['TemplateDetails']): Schemas['TemplatePreview'] {
  const fill = (part: keyof Text) =>
    text[part].replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const known = variables.find((each) => each.name === name);
      if (!known) throw invalid(part, 'UNKNOWN_VARIABLE', `{{${name}}} is not known here`);
      return known.sample;
    });
  const needed = variables.find(({ isNeeded }) => isNeeded)?.name;
  if (!text.text.includes(`{{${needed}}}`)) throw invalid('text', 'VARIABLE_MISSING', `needs {{${needed}}}`);
  const [subject, mail, short] = [fill('subject'), fill('text'), fill('short')];
  return { subject, text: mail, html: `<p>${mail}</p>`, short };
}

/** What leaves when, and what it says. */
export const messageRuleAnswers: Handler[] = [
  on('get', '/api/notification-policies/current', () => ({ body: current() })),
  on('put', '/api/notification-policies/current', ({ body, who, version }) => {
    const before = current();
    if (version() !== before.version) throw stale();
    policies.unshift({ version: before.version + 1, policy: body, setBy: who.id, setAt: new Date().toISOString() });
    return { body: current() };
  }),
  on('get', '/api/notification-policies', () => ({ body: { items: policies } })),
  on('post', '/api/notification-policies/preview', ({ body }) => ({
    body: { zone: 'Europe/Paris', messages: planned(body) },
  })),
  on('get', '/api/notification-templates', () => ({
    body: {
      items: [...terms.keys()].flatMap((each) =>
        (['fr', 'en'] as const).map((tongue) => {
          const { name, language, version, subject, text, short } = detailsOf(each, tongue);
          return { name, language, version, subject, text, short };
        }),
      ),
    },
  })),
  on('get', '/api/notification-templates/{name}/{language}', (asked) => ({ body: details(asked) })),
  on('put', '/api/notification-templates/{name}/{language}', (asked) => {
    const before = details(asked);
    const nth = before.versions[0]?.nth ?? 0;
    if (asked.version() !== nth) throw stale();
    written(asked.body, before);
    const next = { ...asked.body, nth: nth + 1, setBy: asked.who.id, setAt: new Date().toISOString() };
    versions.set(`${before.name} ${before.language}`, [next, ...before.versions]);
    return { body: details(asked) };
  }),
  on('get', '/api/notification-templates/{name}/{language}/preview', (asked) => {
    const its = details(asked);
    return { body: written(its, its) };
  }),
  on('post', '/api/notification-templates/{name}/{language}/preview', (asked) => ({
    body: written(asked.body, details(asked)),
  })),
];
