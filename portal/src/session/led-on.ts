/** At the end of an address to which somebody was led on, who had asked to sign in at another address of the practice. */
export const signInHash = '#sign-in';

let isAsked = location.hash === signInHash;
// Whoever comes back by the browser's button, or keeps the address, has not asked.
if (isAsked) history.replaceState(history.state, '', location.pathname + location.search);

/** True once, for who has asked to sign in already. */
export function hasAskedToSignIn(): boolean {
  const was = isAsked;
  isAsked = false;
  return was;
}
