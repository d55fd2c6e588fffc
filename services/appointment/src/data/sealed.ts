import * as seal from '@cabinet/service/seal';

/** A key for one purpose from the service's secret. */
export const deriveKey = (secret: string, purpose: string): Buffer => seal.deriveKey('appointment', secret, purpose);

/** Keeps what must not be read in the database, for one purpose. The first secret seals, every one opens. */
export class Seal extends seal.Seal {
  constructor(secrets: readonly string[], purpose: string) {
    super('appointment', secrets, purpose);
  }
}
