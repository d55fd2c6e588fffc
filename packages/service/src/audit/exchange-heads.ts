import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { z } from 'zod';
import { neighbour, type SidecarAddress } from '../sidecar/invoke.js';
import type { AuditTrail } from './trail.js';
import { headsPath, Witness, witness } from './witness.js';

const everyMs = 60_000;

const headForm = z.object({
  sequence: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const answerForm = z.object({ head: headForm.optional() });

/**
 * Every minute tells the witness the head of the own trail, and notes the head of the witness's. So neither can be cut off,
 * rewritten or replaced for more than its last minute without contradicting the other, whatever keys and rights are known.
 */
export function exchangeHeads(
  { sidecar, clock, log }: { sidecar: SidecarAddress; clock: Clock; log: Logger },
  trail: AuditTrail,
): PeriodicTask {
  const own = new Witness(trail, clock);
  const ask = neighbour(sidecar, witness);
  return new PeriodicTask(
    async () => {
      const request = new Request(`http://${witness}${headsPath}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ head: await own.head() }),
      });
      const response = await ask(request);
      if (!response.ok) throw new Error(`${witness} answered ${response.status}`);
      const { head } = answerForm.parse(await response.json());
      if (head) await own.note(witness, head);
    },
    {
      everyMs,
      failed: (error, inRow) => log.warn({ err: error, inRow }, 'the head of the audit trail is noted nowhere else'),
    },
  );
}
