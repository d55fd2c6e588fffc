/** What the windows of a browser tell each other: that somebody has signed in, or has left; not who, and no token. */
type Told = 'signed-in' | 'left';

const channel = new BroadcastChannel('cabinet.session');

export const tellWindows = (what: Told): void => channel.postMessage(what);

/** @param listener hears what the other windows tell */
export function hearWindows(listener: (what: Told) => void): void {
  channel.onmessage = ({ data }) => listener(data);
}
