/**
 * Pages of one area, whose texts come with them alone: nobody else waits for what only these say. By the files of pages; whatever says
 * something in two areas, or anywhere else, is with the rest.
 */
export const textAreas = {
  /** What is measured at home, and what rings. */
  home: /\/pages\/(?:alert|patients\/patient\/(?:alerts|devices|readings|rules)\b)/,
} as const satisfies Record<string, RegExp>;
