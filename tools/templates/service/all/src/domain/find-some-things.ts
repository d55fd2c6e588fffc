import type { Principal } from '@cabinet/kit/access/principal';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { assertMayAskFor, assertMaySee } from './access.js';
import type { AfterSomeThing, SomeThings } from './ports.js';
import { existing, type SomeThing } from './some-thing.js';

export class FindSomeThings {
  constructor(private readonly someThings: SomeThings) {}

  /** @throws SomeThingNotFound (404), also for one of another patient */
  async get(id: string, actor: Principal): Promise<SomeThing> {
    const someThing = existing(await this.someThings.find(id));
    noteSubjects(someThing.patientId);
    assertMaySee(actor, someThing.patientId);
    return someThing;
  }

  /** @throws NotYours (403) for those of another patient */
  async listOf(
    patientId: string,
    limit: number,
    after: AfterSomeThing | undefined,
    actor: Principal,
  ): Promise<Page<SomeThing>> {
    assertMayAskFor(actor, patientId);
    return toPage(await this.someThings.listOf(patientId, limit, after), limit);
  }
}
