import type { DeadLetters, Problem } from '@cabinet/kit';
import { Controller, Example, Get, Path, Post, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Instant } from './patient.dto.js';

/** An event that could not be handled. It carries ids only. */
export interface DeadLetterResponse {
  /** @example "019a8f3e-bbbb-7c55-9b1c-3f1b8f5f2d11" */
  eventId: string;
  /** @example "appointment" */
  topic: string;
  /** @example "appointment.booked" */
  type: string;
  receivedAt: Instant;
}

export interface DeadLetterList {
  /** Oldest first, at most 100. */
  items: DeadLetterResponse[];
}

@Route('api/patients/events/dead-letters')
@Tags('Events')
export class DeadLettersController extends Controller {
  constructor(private readonly deadLetters: DeadLetters) {
    super();
  }

  /** @summary List events that could not be handled */
  @Get()
  @Security('bearer', ['admin'])
  @Example<DeadLetterList>({
    items: [
      {
        eventId: '019a8f3e-bbbb-7c55-9b1c-3f1b8f5f2d11',
        topic: 'appointment',
        type: 'appointment.booked',
        receivedAt: '2026-11-20T16:02:11.000Z',
      },
    ],
  })
  async list(): Promise<DeadLetterList> {
    const letters = await this.deadLetters.list();
    return {
      items: letters.map(({ eventId, topic, type, receivedAt }) => ({
        eventId,
        topic,
        type,
        receivedAt: receivedAt.toISOString(),
      })),
    };
  }

  /**
   * Has no further effect when the event was handled in the meantime. One that fails again is kept.
   * @summary Handle an event again
   */
  @Post('{eventId}/replay')
  @Security('bearer', ['admin'])
  @SuccessResponse(204, 'Handled')
  @Response<Problem>(404, 'There is no such dead letter')
  async replay(@Path() eventId: string): Promise<void> {
    await this.deadLetters.replay(eventId);
  }
}
