/** An answer other than the wanted one; the message is the whole answer, as plain text. */
export class Refusal extends Error {
  override name = 'Refusal';

  constructor(
    readonly status: number,
    message = '',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
