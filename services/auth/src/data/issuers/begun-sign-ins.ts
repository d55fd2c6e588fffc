import type { Orm } from '@cabinet/postgres/orm';
import type { AdapterPayload } from 'oidc-provider';
import type { Begun, Shown } from '../../domain/begun-sign-in.js';
import type { BegunSignIns } from '../../domain/ports.js';
import type { OidcState } from '../oidc/oidc-state.js';
import { openByAny, seal } from '../sealed.js';
import { useOnce } from '../used-challenges.js';

const label = 'begun elsewhere';
const model = 'SignInElsewhere';

export class SealedSignIns implements BegunSignIns {
  constructor(
    private readonly orm: Orm,
    /** The first seals, every one opens. */
    private readonly sealKeys: readonly Buffer[],
    private readonly state: Pick<OidcState, 'put' | 'find' | 'use'>,
  ) {}

  seal(begun: Begun): string {
    return seal(this.sealKeys[0] as Buffer, label, JSON.stringify(begun)).toString('base64url');
  }

  open(kept: string): Begun | undefined {
    const bytes = Buffer.from(kept, 'base64url');
    const text = openByAny(this.sealKeys, label, bytes);
    return text === undefined ? undefined : JSON.parse(text);
  }

  use(state: string, until: Date): Promise<boolean> {
    return useOnce(this.orm.em.fork(), state, until);
  }

  keep(token: string, shown: Shown, seconds: number): Promise<void> {
    return this.state.put(model, token, { shown } as unknown as AdapterPayload, seconds);
  }

  async find(token: string): Promise<Shown | undefined> {
    const found = (await this.state.find(model, token)) as { shown?: Shown; consumed?: number } | undefined;
    return found?.consumed ? undefined : found?.shown;
  }

  spend(token: string): Promise<boolean> {
    return this.state.use(model, token);
  }
}
