import { noteKeptFromGuardians } from '@cabinet/access/family';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import { assertMayAskFor, mayBeWrittenTo } from '../access.js';
import { PatientUnknown } from '../errors.js';
import type { Families, Neighbours } from '../neighbours.js';
import type { Recipient } from '../policies/plan.js';
import { usefulMs } from '../policies/policy.js';
import type { Ledger, Policies } from '../ports.js';
import type { Decision, Kind } from './decision.js';

/** Messages that somebody asks for; what they say stands in their templates. */
export const asked = ['results-ready', 'document-received', 'call-us', 'bring-documents'] as const satisfies Kind[];
export type AskedKind = (typeof asked)[number];

export interface MessageOrder {
  template: AskedKind;
  patientIds: string[];
  /** Left out: those of the policy. */
  channels?: ('email' | 'sms' | 'push')[];
  /** What it is about is kept from guardians: they are not told, and do not see that anybody was. */
  keptFromGuardians?: boolean;
}

export class AskForMessage {
  constructor(
    private readonly ledger: Ledger,
    private readonly neighbours: Pick<Neighbours, 'person'>,
    private readonly families: Families,
    private readonly policies: Policies,
    private readonly clock: Clock,
  ) {}

  /**
   * To patients, and to who acts for them in what it is of.
   * @throws NotYours (403), PatientUnknown (422), Unavailable (503) when the patient service cannot be asked: then nothing is sent
   */
  async ask({ template, patientIds, channels, ...order }: MessageOrder, actor: Principal): Promise<Decision[]> {
    for (const id of patientIds) assertMayAskFor(actor, id);
    const { keptFromGuardians = false } = order;
    if (keptFromGuardians) noteKeptFromGuardians();
    const { id: occasionId } = effectOfRequest();
    const { policy } = await this.policies.current();
    const now = this.clock.now();
    const decisions: Decision[] = [];
    for (const [nth, patientId] of [...new Set(patientIds)].entries()) {
      const recipients = await this.recipientsOf(
        { patientId, kind: template, isKept: keptFromGuardians, now },
        `patientIds[${nth}]`,
      );
      for (const { recipientId, audience } of recipients) {
        for (const channel of new Set(channels ?? policy.message.channels)) {
          decisions.push({
            ...{ id: newId(), version: 1, occasion: 'request', occasionId, occasionVersion: 1, nth: 0, step: '' },
            ...{ kind: template, channel, recipientId, audience, patientId, keptFromGuardians },
            ...{ dueAt: now, nextAt: now, decidedAt: now, expiresAt: new Date(now.getTime() + usefulMs[template]) },
            ...{ state: 'planned', attempts: 0, askedBy: actor.id },
          });
        }
      }
    }
    return this.ledger.add(decisions);
  }

  private async recipientsOf(its: Parameters<typeof mayBeWrittenTo>[1], path: string): Promise<Recipient[]> {
    const { patientId } = its;
    const patient = await this.neighbours.person(patientId);
    if (!patient?.active) throw new PatientUnknown(path);
    const acting = Map.groupBy(await this.families.actingFor(patientId), ({ recipientId }) => recipientId);
    const others = [...acting].filter(([, each]) => mayBeWrittenTo(each, its));
    return [
      { recipientId: patientId, audience: 'self' },
      ...others.map(([recipientId, [first]]) => ({ recipientId, audience: first?.as ?? 'carer' })),
    ];
  }
}
