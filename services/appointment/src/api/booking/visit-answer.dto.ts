import type { AppointmentStatus } from '../../domain/booking/status.js';
import type { Instant, Uuid } from '../common.dto.js';

/** Who says it: the patient, or who acts for them. */
export interface VisitAnswerRequest {
  /** Patient id of who says it. */
  by: Uuid;
  as: 'patient' | 'guardian' | 'carer';
  /** They come, do not, come late, or come at another time. */
  says: 'accept' | 'cancel' | 'delay' | 'move';
  /**
   * Of a delay: about so many.
   * @isInt
   * @minimum 1
   * @maximum 120
   */
  minutes?: number;
  /** Of a move: the start of a free slot of the same practitioner. */
  start?: Instant;
}

export interface VisitAnswered {
  id: Uuid;
  version: number;
  status: AppointmentStatus;
  start: Instant;
  /** IANA. */
  zone: string;
}

export interface VisitAnswersPossible extends VisitAnswered {
  /** Patients cancel until then. */
  cancelUntil: Instant;
  /** Patients move it until then. */
  moveUntil: Instant;
  /** From then on one knows that one will be late. */
  lateFrom: Instant;
  /** Absent: nobody said yet that they come. */
  acceptedAt?: Instant;
  /** Starts of free slots of the same practitioner and type, the nearest ones in order of time, where they were asked for. */
  otherTimes?: Instant[];
}
