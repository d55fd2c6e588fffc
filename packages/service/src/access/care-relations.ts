import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { z } from 'zod';
import { AnswerCache } from '../answer-cache.js';
import { answerOf } from '../sidecar/invoke.js';

/** Whether a patient is in a practitioner's care; `kept`: by visits alone that are kept from the patient's guardians. */
export type Care = 'none' | 'kept' | 'care';

/** The time in which somebody stands in for a practitioner. */
export interface Term {
  since: Date;
  until: Date;
}

export interface CareRelations {
  /**
   * As the appointment service tells. An answer is at most five seconds old.
   * @param within only visits that start in that time count
   * @throws Unavailable (503) when it cannot be asked: nobody gets in on trust
   */
  between(patientId: string, practitionerId: string, within?: Term): Promise<Care>;
}

const careRelation = z.object({
  patientId: z.uuid(),
  practitionerId: z.uuid(),
  exists: z.boolean(),
  // Services of before do not say it.
  keptFromGuardians: z.boolean().optional(),
});

interface Asked {
  patientId: string;
  practitionerId: string;
  from?: string;
  to?: string;
}

/** Longest time that an answer is used again: either becomes the other when somebody books, cancels or corrects. */
const freshMs = 5_000;

/** @param ask puts it to the appointment service, by its generated client */
export function careRelationsBy(ask: (query: Asked) => Parameters<typeof answerOf>[1], clock: Clock): CareRelations {
  const answers = new AnswerCache<Care>(
    async (question) => {
      const [patientId = '', practitionerId = '', from, to] = question.split(' ');
      const answer = await answerOf('appointment', ask({ patientId, practitionerId, from, to }), careRelation);
      const isMeant = answer?.patientId === patientId && answer.practitionerId === practitionerId;
      if (!answer || !isMeant) {
        throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The appointment service did not give a usable answer');
      }
      if (!answer.exists) return 'none';
      return answer.keptFromGuardians ? 'kept' : 'care';
    },
    { freshMs, clock },
  );
  return {
    between(patientId, practitionerId, within) {
      const term = within ? [within.since.toISOString(), within.until.toISOString()] : [];
      return answers.get([patientId, practitionerId, ...term].join(' '));
    },
  };
}
