import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { assertMayAskFor } from './access.js';
import type { SomeThings } from './ports.js';
import { readText, type SomeThing } from './some-thing.js';

export interface SomeThingInput {
  patientId: string;
  text: string;
}

export class RecordSomeThing {
  constructor(
    private readonly someThings: SomeThings,
    private readonly clock: Clock,
  ) {}

  /** @throws NotYours (403), InvalidInput (422), PatientErased (410) */
  async record({ patientId, text }: SomeThingInput, actor: Principal): Promise<SomeThing> {
    assertMayAskFor(actor, patientId);
    const stored = await storedBefore((id) => this.someThings.find(id));
    if (stored) return stored;
    const now = this.clock.now();
    const { id } = effectOfRequest();
    return this.someThings.add({ id, version: 1, patientId, text: readText(text), createdAt: now, updatedAt: now });
  }
}
