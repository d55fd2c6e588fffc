/** What clients may ask of a user: to know them, to know their address, and to act in their name. */
export const scopes = ['openid', 'email', 'cabinet'] as const;
export type Scope = (typeof scopes)[number];

/** The cookie of the browser that a question was put to. */
export const interactionCookieName = 'cabinet_interaction';

/** Why a client's question is put: whoever is signed in has to add a second factor first. */
export const factorNeeded = 'second_factor';

/** What a client of OpenID Connect asks its user, before it is told who they are. */
export interface Interaction {
  id: string;
  asks: 'sign-in' | 'consent';
  client: {
    name: string;
    /** One of ours, which nobody is asked about. */
    isOwn: boolean;
  };
  /** What the client wants to be allowed. */
  wanted: string[];
  /** Set when the client wants a new sign-in: one since then. */
  signedInSince?: Date;
  /** The session in which consent is asked for. */
  sessionId?: string;
}
