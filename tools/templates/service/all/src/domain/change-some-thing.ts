import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import type { FindSomeThings } from './find-some-things.js';
import type { SomeThings } from './ports.js';
import { readText, type SomeThing } from './some-thing.js';

/** Which one is to be changed, of which version, and into what. */
export interface ChangeOrder {
  id: string;
  version: ExpectedVersion;
  text: string;
}

export class ChangeSomeThing {
  constructor(
    private readonly someThings: SomeThings,
    private readonly find: FindSomeThings,
    private readonly clock: Clock,
  ) {}

  /** @throws 404, 428 and 412 for a version that is not named or stale, InvalidInput (422) */
  async replace({ id, version, ...input }: ChangeOrder, actor: Principal): Promise<SomeThing> {
    await this.find.get(id, actor);
    return this.someThings.change(id, (current) => {
      assertVersion(version, current.version);
      const text = readText(input.text);
      return text === current.text ? current : { ...current, text, updatedAt: this.clock.now() };
    });
  }
}
