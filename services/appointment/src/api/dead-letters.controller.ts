import type { DeadLetters } from '@cabinet/kit';
import { Controller, Get, Path, Post, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';

interface DeadLetterResponse {
  /** The id of the event. */
  eventId: string;
  /** The process that told it. */
  topic: string;
  /** @example "patient.merged" */
  type: string;
  receivedAt: Date;
}

@Route('api/appointments/events/dead-letters')
@Tags('Dead letters')
export class DeadLettersController extends Controller {
  constructor(private readonly deadLetters: DeadLetters) {
    super();
  }

  /**
   * Events that this service could not handle after all tries, oldest first, at most 100.
   * @summary List dead letters
   */
  @Get()
  @Security('bearer', ['admin'])
  async list(): Promise<{ items: DeadLetterResponse[] }> {
    const letters = await this.deadLetters.list();
    return { items: letters.map(({ eventId, topic, type, receivedAt }) => ({ eventId, topic, type, receivedAt })) };
  }

  /**
   * Hands the event to its handler again. An event that had its effect already has none a second time.
   * @summary Replay a dead letter
   * @param eventId the id of the event
   */
  @Post('{eventId}/replay')
  @Security('bearer', ['admin'])
  @SuccessResponse(204, 'Handled')
  async replay(@Path() eventId: string): Promise<void> {
    await this.deadLetters.replay(eventId);
    this.setStatus(204);
  }
}
