import { appointmentClient } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { AnswerCache } from '@cabinet/service/answer-cache';
import { answerOf, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { Care, CareRelations, Term } from '../domain/ports.js';

const careRelation = z.object({
  patientId: z.uuid(),
  practitionerId: z.uuid(),
  exists: z.boolean(),
  // Services of before do not say it.
  keptFromGuardians: z.boolean().optional(),
});

/** Longest time that an answer is used again: either becomes the other when somebody books, cancels or corrects. */
const freshMs = 5_000;

/** Asks the appointment service through the own sidecar. */
export class DaprCareRelations implements CareRelations {
  private readonly answers: AnswerCache<Care>;
  private readonly appointmentService: ReturnType<typeof appointmentClient>;

  constructor(sidecar: SidecarAddress, clock: Clock) {
    this.answers = new AnswerCache((question) => this.ask(question), { freshMs, clock });
    const fetch = neighbour(sidecar, 'appointment');
    this.appointmentService = appointmentClient({ baseUrl: 'http://appointment', fetch });
  }

  between(patientId: string, practitionerId: string, within?: Term): Promise<Care> {
    const term = within ? [within.since.toISOString(), within.until.toISOString()] : [];
    return this.answers.get([patientId, practitionerId, ...term].join(' '));
  }

  private async ask(question: string): Promise<Care> {
    const [patientId = '', practitionerId = '', from, to] = question.split(' ');
    const query = { patientId, practitionerId, from, to };
    const asked = this.appointmentService.GET('/api/appointments/care-relation', { params: { query } });
    const answer = await answerOf('appointment', asked, careRelation);
    const isMeant = answer?.patientId === patientId && answer.practitionerId === practitionerId;
    if (!answer || !isMeant) {
      throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The appointment service did not give a usable answer');
    }
    if (!answer.exists) return 'none';
    return answer.keptFromGuardians ? 'kept' : 'care';
  }
}
