import { NoSuchInteraction, SecondFactorNeeded, SignInNeeded } from './errors.js';
import type { Interaction } from './interaction.js';
import type { KeepSessions, SignedIn } from './keep-sessions.js';
import type { Interactions } from './ports.js';

/** A browser that a client has sent here: which question it brings, and who is signed in at it. */
export interface Visit {
  interactionId: string;
  /** The question whose cookie the browser has: others' questions are none of its business. */
  shownId?: string;
  /** The refresh token that the browser keeps. */
  held?: string;
}

/** A client is told of the session that its user has at this browser, once the user has answered what it asks. */
export class AnswerInteractions {
  constructor(
    private readonly interactions: Interactions,
    private readonly sessions: KeepSessions,
  ) {}

  /** @throws NoSuchInteraction (404) */
  async read({ interactionId, shownId }: Visit): Promise<Interaction> {
    const found = interactionId === shownId ? await this.interactions.find(interactionId) : undefined;
    if (!found) throw new NoSuchInteraction();
    return found;
  }

  /**
   * Hands the session to the client, or has consent asked for first.
   * @returns where the browser goes on
   * @throws NoSuchInteraction (404), SignInNeeded, SecondFactorNeeded (401)
   */
  async signIn(visit: Visit): Promise<string> {
    const { id, asks, client, signedInSince } = await this.read(visit);
    if (asks !== 'sign-in') throw new NoSuchInteraction();
    const { session } = await this.whoIsHere(visit, client);
    if (signedInSince && session.createdAt < signedInSince) throw new SignInNeeded();
    return this.interactions.signIn(id, session);
  }

  /** As `signIn` where somebody is signed in already. @returns undefined where somebody has to first @throws NoSuchInteraction (404) */
  async goOn(visit: Visit): Promise<string | undefined> {
    try {
      return await this.signIn(visit);
    } catch (error) {
      if (error instanceof SignInNeeded || error instanceof SecondFactorNeeded) return undefined;
      throw error;
    }
  }

  /** @returns where the browser goes on @throws NoSuchInteraction (404), SignInNeeded, SecondFactorNeeded (401) */
  async allow(visit: Visit): Promise<string> {
    const { id, asks, client, sessionId } = await this.read(visit);
    if (asks !== 'consent') throw new NoSuchInteraction();
    const { session } = await this.whoIsHere(visit, client);
    if (session.id !== sessionId) throw new SignInNeeded();
    return this.interactions.allow(id);
  }

  /** @returns where the browser goes on @throws NoSuchInteraction (404) */
  async refuse(visit: Visit): Promise<string> {
    const { id } = await this.read(visit);
    return this.interactions.refuse(id);
  }

  private async whoIsHere({ held }: Visit, { isOwn }: Interaction['client']): Promise<SignedIn> {
    const found = await this.sessions.heldBy(held);
    if (!found) throw new SignInNeeded();
    // Our own portal lets them add a factor, and others would take them for somebody who has shown one.
    if (found.session.enrolling && !isOwn) throw new SecondFactorNeeded();
    return found;
  }
}
