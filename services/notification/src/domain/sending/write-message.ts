import type { CalendarPart, OutgoingMessage } from '../channel.js';
import { type Decision, rulesOf } from '../decisions/decision.js';
import { choicesIn, withheld } from '../links/choices.js';
import type { VisitLinks } from '../links/visit-links.js';
import type { CodeNow, Neighbours, PersonNow, VisitNow } from '../neighbours.js';
import type { Result, Templates } from '../ports.js';
import type { Unsubscribe } from '../preferences/unsubscribe.js';
import type { Language } from '../templates/language.js';
import { assertFitsSms, type TemplateName, type Values, write } from '../templates/template.js';
import { type VisitSaid, valuesOf } from '../templates/wording.js';
import type { Meeting } from '../visit.js';
import type { SaidBefore } from './judge.js';

/** How the practice is called and found. */
export interface Practice {
  name: string;
  /** IANA. */
  zone: string;
  language: Language;
  /** Address of the portal. */
  link: string;
  /** Address by which it organizes visits in calendars. */
  email: string;
}

/** All that a message is made of, as its owners have it now. */
export interface Material {
  decision: Decision;
  to: string;
  language: Language;
  /** Who gets it; absent for codes. */
  recipient?: PersonNow;
  /** Whom it is about. */
  patient?: PersonNow;
  /** In order of time, the one of the decision first among those of its time. */
  visits: readonly VisitNow[];
  /** By which each visit is told, in their order, where they are several. */
  toldBy?: readonly Decision[];
  said: SaidBefore;
  code?: CodeNow;
}

type Message = { message: OutgoingMessage; written: NonNullable<Result['written']> };

/** Who cancelled decides the words: a practice apologises. */
const byPractice = ['prov', 'maint', 'meds-inc'];

export class WriteMessage {
  constructor(
    private readonly templates: Templates,
    private readonly neighbours: Pick<Neighbours, 'practitioner'>,
    private readonly practice: Practice,
    private readonly links: Pick<Unsubscribe, 'linkFor'>,
    private readonly visitLinks: Pick<VisitLinks, 'linksFor'>,
  ) {}

  /** @throws Unwritable where a variable is unknown or has no value, or an SMS would be too long */
  async write(material: Material): Promise<Message> {
    const { decision, language, recipient, patient, visits, said, code, to } = material;
    const [visit] = visits;
    const before = said.last ?? said.first;
    const saidOf = await Promise.all(visits.map((each) => this.said(each)));
    const offered = (material.toldBy ?? [decision]).map((each) => this.visitLinks.linksFor(each));
    const values = valuesOf({
      language,
      audience: decision.audience,
      practice: this.practice.name,
      zone: this.practice.zone,
      link: this.practice.link,
      recipient: recipient && fullName(recipient),
      patient: patient?.givenNames[0],
      visits: saidOf,
      ...choicesIn(language, offered, saidOf, this.practice.link),
      old: visit && before && (await this.said({ ...before, zone: visit.zone })),
      answerBy: visit?.heldUntil,
      code: code && { code: code.code, goodUntil: code.expiresAt },
    });
    const template = await this.templates.current(templateOf(decision, visit), language);
    const { subject, text, html, short } = write(template, values);
    if (decision.channel === 'sms') assertFitsSms(short);
    const isMail = decision.channel === 'email';
    const unsubscribe = isMail ? this.unsubscribeLink(decision) : undefined;
    return {
      message: {
        decisionId: decision.id,
        to,
        language,
        ...(isMail
          ? { subject, text, html, calendar: this.calendarOf(material, subject, saidOf[0]?.place) }
          : { text: short }),
        // Browsers show a title above the text.
        ...(decision.channel === 'push' && { subject: this.practice.name }),
        ...(unsubscribe && { links: { unsubscribe } }),
        attempt: decision.attempts + 1,
      },
      written: { template: template.name, templateVersion: template.version, language, values: kept(values) },
    };
  }

  private async said({ start, zone, practitionerId, placeId }: Meeting & { zone: string }): Promise<VisitSaid> {
    const practitioner = practitionerId ? await this.neighbours.practitioner(practitionerId) : undefined;
    const place = practitioner?.places.find(({ id }) => id === placeId)?.name ?? '';
    return { start, zone, practitioner: practitioner?.name ?? '', place };
  }

  private unsubscribeLink({ recipientId, kind, channel }: Decision): string | undefined {
    return this.links.linkFor({ recipientId, topic: rulesOf(kind).topic, channel });
  }

  // What was never put into a calendar is not taken out of it: some would put it in to show that it was cancelled.
  private calendarOf({ decision, visits, said, to }: Material, subject: string, place = ''): CalendarPart | undefined {
    const [visit] = visits;
    const isCancelled = decision.kind === 'cancelled';
    if (!visit || !['confirmation', 'moved', 'cancelled'].includes(decision.kind)) return undefined;
    if (isCancelled && !said.isInCalendar) return undefined;
    return {
      method: isCancelled ? 'CANCEL' : 'REQUEST',
      uid: `${visit.id}@cabinet`,
      sequence: decision.occasionVersion - 1,
      start: visit.start.toISOString(),
      end: visit.end.toISOString(),
      zone: visit.zone,
      title: subject,
      place: place || undefined,
      organizer: this.practice.email,
      attendee: to,
    };
  }
}

const templateOf = ({ kind }: Decision, visit: VisitNow | undefined): TemplateName =>
  kind === 'cancelled' && byPractice.includes(visit?.cancellationCode ?? '') ? 'cancelled-by-practice' : kind;

const fullName = ({ givenNames, familyName }: PersonNow): string => [...givenNames.slice(0, 1), familyName].join(' ');

/** A code is kept nowhere but where it was made, and what acts for a patient nowhere but in their message. */
const kept = ({ code: _, choices, visitLink, ...values }: Values): Values => ({
  ...values,
  ...(choices && { choices: withheld }),
  ...(visitLink && { visitLink: withheld }),
});
