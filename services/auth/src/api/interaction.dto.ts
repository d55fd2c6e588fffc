/**
 * What a client asked, as the address of the page has it.
 * @pattern ^[\w-]{1,64}$
 */
export type InteractionId = string;

export interface AnswerRequest {
  /**
   * `sign-in`: the client is told of the session at this browser; `go-on`: so it is where there is one, and nothing happens where
   * there is none; `allow`, `refuse`: what it asks to be allowed, and `refuse` instead of signing in.
   */
  answer: 'sign-in' | 'go-on' | 'allow' | 'refuse';
}

export interface AnswerResponse {
  /**
   * Where the browser goes on. After `go-on` it may be left out: somebody has to sign in first.
   * @example "https://practice.example/api/oidc/auth/V1StGXR8_Z5jdHi6B-myT"
   */
  continueAt?: string;
}
