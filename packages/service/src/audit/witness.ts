import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import type { Head } from './chain.js';
import type { AuditTrail } from './trail.js';

/** The service whose trail holds the heads of all others, and whose own head all others hold. */
export const witness = 'auth';
export const headsPath = '/api/auth/audit-heads';

/** Notes in a trail how far that of another service went, and what stood there: whoever changes that one is found out by this one. */
export class Witness {
  private readonly noted = new Map<string, string | undefined>();

  constructor(
    private readonly trail: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Notes the head of a service's trail. @returns the own one, for that service to note */
  async exchange(head: Head | undefined, actor: Principal): Promise<Head | undefined> {
    if (head) await this.note(actor.id, head);
    return this.head();
  }

  /** The last event of the own trail that is worth noting elsewhere. */
  head(): Promise<Head | undefined> {
    return this.trail.head();
  }

  /** Stores the head of another service's trail, once however often it is told. */
  async note(service: string, head: Head): Promise<void> {
    const witnessed = toText(service, head);
    if (!this.noted.has(service)) this.noted.set(service, await this.trail.lastWitnessed(service));
    if (this.noted.get(service) === witnessed) return;
    await this.trail.append({
      at: this.clock.now(),
      actor: service,
      roles: ['service'],
      purpose: 'HSYSADMIN',
      action: `POST ${headsPath}`,
      subjects: [],
      outcome: 200,
      requestId: newId(),
      witnessed,
    });
    this.noted.set(service, witnessed);
  }
}

const toText = (service: string, { sequence, hash }: Head): string => `${service} ${sequence} ${hash}`;

/** Whose head is noted, and which. */
export function readWitnessed(text: string): Head & { service: string } {
  const [service = '', sequence, hash = ''] = text.split(' ');
  return { service, sequence: Number(sequence), hash };
}
