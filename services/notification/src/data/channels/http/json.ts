/** What an answer says, if it is a JSON object; an empty one otherwise: what it means then stands in its status. */
export function jsonOf<T extends object>(body: string): Partial<T> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Partial<T>) : {};
  } catch {
    return {};
  }
}
