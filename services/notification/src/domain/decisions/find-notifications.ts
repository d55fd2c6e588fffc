import { noteKeptFromGuardians } from '@cabinet/access/family';
import type { Principal } from '@cabinet/kit/access/principal';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { assertMaySee, kindsToList, wardsOf } from '../access.js';
import { NotificationNotFound } from '../errors.js';
import type { AfterDecision, Ledger, LedgerFilter, Templates } from '../ports.js';
import { type TemplateName, write } from '../templates/template.js';
import type { Decision } from './decision.js';

export interface Content {
  subject: string;
  text: string;
}

export class FindNotifications {
  constructor(
    private readonly ledger: Ledger,
    private readonly templates: Templates,
  ) {}

  /** @throws NotificationNotFound (404), also for one about another patient */
  async get(id: string, actor: Principal): Promise<Decision> {
    const decision = await this.ledger.find(id);
    if (!decision) throw new NotificationNotFound();
    noteAbout(decision);
    assertMaySee(actor, decision);
    return decision;
  }

  /**
   * What left, written anew from the version of its template and what was put into it; undefined when nothing did, it is longer ago
   * than that is kept, or it has a code in it.
   */
  async contentOf(decision: Decision): Promise<Content | undefined> {
    const { id, template: name, templateVersion, language, channel } = decision;
    if (!decision.sentAt || !name || !templateVersion || !language) return undefined;
    const values = await this.ledger.valuesOf(id);
    const template = values && (await this.templates.version(name as TemplateName, language, templateVersion));
    if (!template || decision.occasion === 'code') return undefined;
    const { subject, text, short } = write(template, values);
    return { subject: channel === 'email' ? subject : '', text: channel === 'email' ? text : short };
  }

  /** @throws NotYours (403) for those of another patient, or of everybody */
  async list(
    filter: LedgerFilter,
    { limit, after }: { limit: number; after?: AfterDecision },
    actor: Principal,
  ): Promise<Page<Decision>> {
    const kinds = kindsToList(actor, filter.patientId);
    const seen = { ...filter, kinds, exceptKeptOf: wardsOf(actor) };
    const page = toPage(await this.ledger.list(seen, limit, after), limit);
    if (page.items.some(({ keptFromGuardians }) => keptFromGuardians)) noteKeptFromGuardians();
    return page;
  }
}

function noteAbout({ patientId, keptFromGuardians }: Decision): void {
  noteSubjects(patientId);
  if (keptFromGuardians) noteKeptFromGuardians();
}
