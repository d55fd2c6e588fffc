const share = 0.2;
const savedAtStart = 10;
const savedMax = 500;

/**
 * Keeps retries to a fifth of the requests, so that a service in trouble is not buried under them. Each request earns a
 * fifth of a retry. Quiet times save some, because an instance that dies takes all its running requests with it at once.
 */
export class RetryBudget {
  private saved = savedAtStart;

  noteRequest(): void {
    this.saved = Math.min(savedMax, this.saved + share);
  }

  takeRetry(): boolean {
    // Fifths do not add up exactly in binary.
    if (this.saved < 1 - 1e-9) return false;
    this.saved -= 1;
    return true;
  }

  /** Whole retries that could be made now. */
  get left(): number {
    return Math.floor(this.saved + 1e-9);
  }
}
