import { Controller, Get, NoSecurity, Route, Tags } from '@tsoa/runtime';
import type { PublicKey, PublicKeys } from './key.dto.js';

@Route('.well-known')
@Tags('Keys')
export class KeysController extends Controller {
  constructor(private readonly published: () => PublicKey[]) {
    super();
  }

  /**
   * The public keys that access tokens are signed with (RFC 7517). A key is published before its first use and for a
   * day after its last, so fetch again when a token names one that is not there.
   * @summary Read the public keys
   */
  @Get('jwks.json')
  @NoSecurity()
  async read(): Promise<PublicKeys> {
    this.setHeader('Cache-Control', 'public, max-age=300');
    return { keys: this.published() };
  }
}
