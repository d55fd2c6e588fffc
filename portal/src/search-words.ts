/** What an address may say of itself: these words, each that is there, of 1000 characters at most. */
export const words =
  <T extends string>(...names: T[]) =>
  (search: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, word(search[name])])) as Partial<Record<T, string>>;

const word = (said: unknown): string | undefined =>
  typeof said === 'string' && said !== '' ? said.slice(0, 1_000) : undefined;

/** Of agendas: which day, of whom, and for which kind of visit free times are shown. */
export const agendaWords = (search: Record<string, unknown>): { day?: string; who?: string; kind?: string } => ({
  day: /^\d{4}-\d{2}-\d{2}$/.test(String(search.day)) ? String(search.day) : undefined,
  who: typeof search.who === 'string' && search.who !== '' ? search.who.slice(0, 400) : undefined,
  kind: word(search.kind),
});

/** Of labels: whether a card instead, and the first one that is left of the sheet. */
export const labelWords = (search: Record<string, unknown>): { what?: 'card'; first?: number } => ({
  what: search.what === 'card' ? 'card' : undefined,
  first: Number.isInteger(search.first) ? Number(search.first) : undefined,
});

/** Of messages: of which day, and which of them. */
export const messageWords = (
  search: Record<string, unknown>,
): { day?: string; state?: string; kind?: string; channel?: string } => ({
  ...words('state', 'kind', 'channel')(search),
  day: agendaWords(search).day,
});

/** Of the figures of messages: for how many days. */
export const deliveryWords = (search: Record<string, unknown>): { days?: 31 } => ({
  days: search.days === 31 ? 31 : undefined,
});
