/**
 * Pages of one area, whose texts come with them alone: nobody waits for what only others say. By the files of pages; whatever says
 * something in two areas, or in a page of none, is with the rest.
 */
export const textAreas = {
  /** What is measured at home, and what rings. */
  home: /\/pages\/(?:alert|patients\/patient\/(?:alerts|devices|readings|rules)\b)/,
  messages: /\/pages\/(?:messages|patients\/patient\/messages)\//,
  record: /\/pages\/patients\/patient\/(?:chart|record|readers|accesses)\.tsx/,
  administration:
    /\/pages\/(?:users|audit|dead-letters|emergencies|unusual-accesses|erasures|imports|settings|system)\b/,
} as const satisfies Record<string, RegExp>;
