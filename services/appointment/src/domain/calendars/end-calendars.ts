interface Calendars {
  removeAllOf(practitionerId: string, connectedUntil?: Date): Promise<void>;
}

interface Feeds {
  remove(practitionerId: string, madeUntil?: Date): Promise<void>;
}

/** What a practitioner who leaves had connected ends with them. */
export class EndCalendars {
  constructor(
    private readonly calendars: Calendars,
    private readonly feeds: Feeds,
  ) {}

  /**
   * Disconnects all calendars, so that they are neither read nor written to any more, forgets what opened them and who was to
   * tell us of changes, and ends the private address. Twice is the same as once.
   * @param connectedUntil what was connected later stays; left out: nothing does
   */
  async endCalendarsOf(practitionerId: string, connectedUntil?: Date): Promise<void> {
    await this.feeds.remove(practitionerId, connectedUntil);
    await this.calendars.removeAllOf(practitionerId, connectedUntil);
  }
}
