/** Beginnings that a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/;

const cell = (text: string): string => {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * Lines of cells as a file for spreadsheets (RFC 4180; UTF-8 with a mark at its beginning, without which some take it for another
 * code). What would be taken for a formula begins with an apostrophe.
 */
export const csvOf = (lines: readonly (readonly string[])[]): string =>
  `\uFEFF${lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')}`;
