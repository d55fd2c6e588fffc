import { appointmentClient } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { answerOf, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { CareRelations } from '../domain/ports.js';

const careRelation = z.object({ patientId: z.uuid(), practitionerId: z.uuid(), exists: z.boolean() });

/** Longest time that an answer is used again: either becomes the other when somebody books, cancels or corrects. */
const freshMs = 5_000;
const rememberedMax = 5_000;

interface Remembered {
  exists: boolean;
  until: number;
}

/** Asks the appointment service through the own sidecar. */
export class DaprCareRelations implements CareRelations {
  private readonly remembered = new Map<string, Remembered>();

  private readonly appointmentService: ReturnType<typeof appointmentClient>;

  constructor(
    sidecar: SidecarAddress,
    private readonly clock: Clock,
  ) {
    const fetch = neighbour(sidecar, 'appointment');
    this.appointmentService = appointmentClient({ baseUrl: 'http://appointment', fetch });
  }

  async exist(patientId: string, practitionerId: string): Promise<boolean> {
    const key = `${patientId} ${practitionerId}`;
    const known = this.remembered.get(key);
    // Counted from before asking, so that an answer is never older than it says.
    const askedAt = this.clock.now().getTime();
    if (known && askedAt < known.until) return known.exists;
    const exists = await this.ask(patientId, practitionerId);
    this.remember(key, { exists, until: askedAt + freshMs });
    return exists;
  }

  private async ask(patientId: string, practitionerId: string): Promise<boolean> {
    const query = { patientId, practitionerId };
    const asked = this.appointmentService.GET('/api/appointments/care-relation', { params: { query } });
    const answer = await answerOf('appointment', asked, careRelation);
    const isMeant = answer?.patientId === patientId && answer.practitionerId === practitionerId;
    if (!answer || !isMeant) {
      throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The appointment service did not give a usable answer');
    }
    return answer.exists;
  }

  private remember(key: string, entry: Remembered): void {
    this.remembered.delete(key);
    this.remembered.set(key, entry);
    const oldest = this.remembered.keys().next();
    if (this.remembered.size > rememberedMax && !oldest.done) this.remembered.delete(oldest.value);
  }
}
