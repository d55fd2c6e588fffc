/** What one caller's attempts and requests are counted under: of IPv6 the /64, since a caller has all its addresses. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}

// A socket that listens to both families shows IPv4 addresses this way.
export const plainAddress = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);
