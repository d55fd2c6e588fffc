import { RecordBusy } from './errors.js';
import type { Records } from './ports.js';
import type { Change, MedicalRecord } from './record.js';

const triesMax = 40;

/** A change, and what the writer gets to see of it. */
type Outcome<T> = Change & { seen: T };

/**
 * Decides on the record as it is and stores that; what another write overtook is decided again, on the new state.
 * @throws RecordBusy (503) while it is merged, or when others never let it through
 */
export async function changeRecord<Loaded extends { record: MedicalRecord }, T>(
  records: Records,
  load: () => Promise<Loaded>,
  decide: (loaded: Loaded) => Outcome<T> | Promise<Outcome<T>>,
): Promise<T> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const loaded = await load();
    const { record } = loaded;
    if (record.status === 'merging') throw new RecordBusy();
    const { seen, ...change } = await decide(loaded);
    if (change.record === record || (await records.save(change.record, change.told))) return seen;
  }
  throw new RecordBusy();
}
