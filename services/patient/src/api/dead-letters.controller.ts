import type { DeadLetterList, DeadLetters, Problem } from '@cabinet/kit';
import { Controller, Example, Get, Path, Post, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';

@Route('api/patients/events/dead-letters')
@Tags('Dead letters')
export class DeadLettersController extends Controller {
  constructor(private readonly deadLetters: DeadLetters) {
    super();
  }

  /**
   * Events that this service could not handle after all tries.
   * @summary List dead letters
   */
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
  list(): Promise<DeadLetterList> {
    return this.deadLetters.list();
  }

  /**
   * Has no further effect when the event was handled in the meantime. One that fails again is kept.
   * @summary Replay a dead letter
   */
  @Post('{eventId}/replay')
  @Security('bearer', ['admin'])
  @SuccessResponse(204, 'Handled')
  @Response<Problem>(404, 'There is no such dead letter')
  async replay(@Path() eventId: string): Promise<void> {
    await this.deadLetters.replay(eventId);
    this.setStatus(204);
  }
}
