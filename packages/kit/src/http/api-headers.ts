const rules = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** What every answer to a program says to a browser that shows it all the same: it is what it says it is, loads and runs nothing. */
export const apiHeaders: Readonly<Record<string, string>> = rules;

/** Names and values in turn. */
export const apiHeaderList: readonly string[] = Object.entries(rules).flat();
