/** The last event of an audit trail. */
export interface AuditHead {
  /**
   * Its place, 1 for the first.
   * @isInt
   * @minimum 1
   */
  sequence: number;
  /** @pattern ^[0-9a-f]{64}$ */
  hash: string;
}

/** Nothing while the trail is empty. */
export interface AuditHeads {
  head?: AuditHead;
}
