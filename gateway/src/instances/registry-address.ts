/** Where a registry is and what opens it; the URL holds no password, so it may be logged and shown. */
export interface RegistryAddress {
  url: string;
  /** Sent with each question: `{ authorization? }`. */
  headers: Record<string, string>;
}

/** Takes a name and password out of a configured URL, as Spring's clients have them there; a token comes before them. */
export function registryAddress(configured: string, token?: string): RegistryAddress {
  const url = new URL(configured);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const hasCredentials = url.username !== '';
  [url.username, url.password] = ['', ''];
  const address = url.href.replace(/\/+$/, '');
  if (token) return { url: address, headers: { authorization: `Bearer ${token}` } };
  if (!hasCredentials) return { url: address, headers: {} };
  return { url: address, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}
