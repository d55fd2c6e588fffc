import type { Clock } from '@cabinet/kit/clock';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { type Erasure, type ErasureState, waitsFor } from './erasure.js';
import { existing } from './patient.js';
import type { AfterErasure, Erasures, Patients } from './ports.js';

export class FindErasures {
  constructor(
    private readonly patients: Patients,
    private readonly erasures: Erasures,
    private readonly clock: Clock,
  ) {}

  /** By the id of one who was merged, of the one they turned out to be. @throws 404, 410 */
  async get(id: string): Promise<ErasureState> {
    const erasure = await this.erasures.find(id);
    if (erasure) return stateOf(erasure);
    // Of those who were erased before receipts were kept nothing is known.
    const patientId = existing(await this.patients.find(id)).mergedInto ?? id;
    noteSubjects(patientId);
    const hold = await this.erasures.holdOf(patientId, this.clock.now());
    return hold ? { state: 'held', patientId, hold } : { state: 'none', patientId };
  }

  /**
   * Tells it again to services that have not said what they did: what reached one that gave no receipts yet, or was dropped as
   * a dead letter, does not come again by itself. @returns it as it stands. @throws 404, 410
   */
  async askAgain(id: string): Promise<ErasureState> {
    const found = await this.get(id);
    if (found.state === 'waiting' && !wasStoredBefore()) {
      await this.patients.inTransaction((tx) => tx.tellErasedAgain(found.erasure.patientIds));
    }
    return found;
  }

  /** Those of which a receipt is missing, the oldest first. */
  async unfinished(limit: number, after?: AfterErasure): Promise<Page<ErasureState & { erasure: Erasure }>> {
    const page = toPage(await this.erasures.unfinished(limit, after), limit);
    return { ...page, items: page.items.map(stateOf) };
  }
}

function stateOf(erasure: Erasure): ErasureState & { erasure: Erasure } {
  const missing = waitsFor(erasure);
  const { patientId } = erasure;
  noteSubjects(patientId);
  return { state: missing.length > 0 ? 'waiting' : 'done', patientId, erasure, waitsFor: missing };
}
