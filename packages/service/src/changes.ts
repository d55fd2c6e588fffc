/**
 * The names of the members in which two objects differ by value. The order of an object's members does not count (JSON
 * comes back from a database in another), nor does a member that is undefined; the order of a list does.
 */
export function changedFields<T extends object>(before: T, after: T): Extract<keyof T, string>[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<Extract<keyof T, string>>;
  return [...names].filter((name) => JSON.stringify(sorted(before[name])) !== JSON.stringify(sorted(after[name])));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object' || 'toJSON' in value) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
